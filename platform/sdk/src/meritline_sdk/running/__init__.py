"""The program of the processes in which a plugin's code runs. The server starts it; nothing else imports it.

``keeper`` holds the SDK in memory, runs no plugin code itself, and forks a child for every question; ``child`` is such
a child: limits first, then the plugin is imported, asked once, and the process ends. What a child says is bytes to the
keeper and a claim to the server.
"""
