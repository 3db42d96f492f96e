"""Python that runs for a page: in the browser's worker, and natively when the book is built, with one account."""
