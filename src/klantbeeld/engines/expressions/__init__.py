"""One rule language (a CEL profile): text -> typed AST -> closure, SQL, Dutch and English sentence."""
