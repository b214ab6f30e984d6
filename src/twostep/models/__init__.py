"""The models of the course: pure arithmetic, one file a subject, no widgets and no charts."""
