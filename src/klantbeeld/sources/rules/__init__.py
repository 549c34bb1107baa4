"""Pure decisions about drafts, versions, values and refusals."""
