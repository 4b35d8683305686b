"""What Linux offers to shut a process in: namespaces, system call filters, Landlock, limits."""
