"""Translations without the gettext programs, which a stranger's machine may lack.

catalogue   reads and writes .po, compiles .mo
texts       finds every translatable text in our Python and templates
__main__    compile what changed; --check; --collect
"""
