"""What is asked, of whom, and by when: forms, procedures, the working calendar; pure."""
