"""From a folder of submissions to a journal of reports: who handed in, who judges, what is kept."""
