"""The page's front end: sources in ``src/``, and the build that turns them and the course's own packages into static files."""
