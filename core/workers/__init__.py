"""Workers: they carry out what is due, from any number of processes, with no leader."""
