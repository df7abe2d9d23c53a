"""Results in other people's formats, one small file each. Every one is a function of grades or accounts."""
