"""Doubtful matches and who judges them: the review queue, its stream, samples of what was merged automatically."""
