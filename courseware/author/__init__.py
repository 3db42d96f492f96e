"""What authors of pages, quizzes and labs are helped with: ``check_content`` and the export of cards."""
