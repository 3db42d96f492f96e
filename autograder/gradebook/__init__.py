"""The class's gradebook: nbgrader keeps assignments, scores, comments and feedback, and executes nothing. Its sole importer."""
