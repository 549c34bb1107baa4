"""What the screens share: base templates, components, design tokens."""
