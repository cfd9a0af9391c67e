"""What `manage.py demo` prepares: keys, people, records, and a server to see them."""
