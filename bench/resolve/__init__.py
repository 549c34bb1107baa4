"""`klantbeeld resolve` without any configuration against Splink set up by hand, on the same files, in the same run."""
