import subprocess

subprocess.Popen(["sleep", "3600"])
