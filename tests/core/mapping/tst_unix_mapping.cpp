#include "tests/core/mapping/mapped_event.h"

#include <QTest>

using namespace sequela::mapping::testing;

namespace {

QByteArray fromStd(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

constexpr const char* process =
    R"({"audit_token":{"asid":1,"auid":501,"egid":20,"euid":501,"pid":97391,"pidversion":149091,)"
    R"("rgid":20,"ruid":502},"executable":{"path":"\/bin\/nu"},"ppid":58916,"original_ppid":58916,)"
    R"("parent_audit_token":{"pid":58916,"pidversion":87724},"responsible_audit_token":)"
    R"({"pid":938,"pidversion":2424},"group_id":97391,"session_id":58916,"signing_id":"com.x",)"
    R"("team_id":"T1","cdhash":"28CD","codesigning_flags":570556931,"is_platform_binary":true,)"
    R"("start_time":"2025-08-07T13:21:35.877422Z","tty":{"path":"\/dev\/ttys003"}})";

std::string message(const std::string& event, const std::string& own = process,
                    const std::string& more = {})
{
    return R"({"schema_version":1,"version":9,"event_type":9,"action_type":1,"mach_time":1,)"
           R"("time":"2025-08-07T13:21:35.880814738Z","global_seq_num":75,"seq_num":27,)"
           R"("thread":{"thread_id":505819},"process":)"
           + own + R"(,"event":)" + event + more + "}";
}

std::string execMessage(const std::string& token)
{
    return message(R"({"exec":{"args":["\/bin\/sh","-c","a b"],"env":["FOO=bar"],)"
                   R"("cwd":{"path":"\/tmp"},"script":{"path":"\/tmp\/x.sh"},"target":{)"
                   R"("audit_token":)"
                   + token
                   + R"(,"executable":{"path":"\/bin\/sh"},"parent_audit_token":{"pid":58916,)"
                     R"("pidversion":87724},"ppid":58916,"signing_id":"com.apple.sh"}}})");
}

} // namespace

/// The tables of macOS, Linux and Endgame sources, row by row.
class TestUnixMapping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endpointSecurity_data();
    void endpointSecurity();
    void entityIdsFollowImages();
    void others_data();
    void others();
};

void TestUnixMapping::endpointSecurity_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");

    const auto row = [](const char* name, const std::string& event, const char* field,
                        const char* value) {
        QTest::newRow(name) << fromStd(event) << QByteArray(field) << QByteArray(value);
    };
    const std::string exec =
        execMessage(R"({"pid":97391,"pidversion":149092,"euid":501,"ruid":501,"egid":20})");
    row("exec category", exec, "event.category", "~process");
    row("exec type", exec, "event.type", "~start");
    row("exec action", exec, "event.action", "~exec");
    row("os", exec, "host.os.type", "~macos");
    row("host", exec, "host.name", "~unknown-mac");
    row("exec image", exec, "process.executable", "/bin/sh");
    row("exec name", exec, "process.name", "~sh");
    row("exec pid", exec, "process.pid", "97391");
    row("exec args", exec, "process.args", "/bin/sh|-c|a b");
    row("exec args count", exec, "process.args_count", "~3");
    row("exec env", exec, "process.env_vars", "FOO=bar");
    row("exec directory", exec, "process.working_directory", "/tmp");
    row("exec script", exec, "process.Ext.script.path", "/tmp/x.sh");
    row("exec before", exec, "process.previous.executable", "/bin/nu");
    row("exec parent", exec, "process.parent.pid", "58916");
    row("time", exec, "@timestamp", "2025-08-07T13:21:35.880814738Z");
    row("sequence", exec, "event.sequence", "75");
    row("thread", exec, "process.thread.id", "505819");
    row("user", exec, "user.id", "501");
    const std::string listed = execMessage("[501,501,20,501,20,97391,100019,149092]");
    row("token as a list: pid", listed, "process.pid", "97391");
    row("token as a list: user", listed, "user.id", "501");

    const std::string exits = message(R"({"exit":{"stat":256}})");
    row("exit type", exits, "event.type", "~end");
    row("exit code", exits, "process.exit_code", "~1");
    row("exit process", exits, "process.executable", "/bin/nu");
    row("real user", exits, "user.Ext.real.id", "502");
    row("group", exits, "group.id", "20");
    row("signing id", exits, "process.code_signature.signing_id", "com.x");
    row("team", exits, "process.code_signature.team_id", "T1");
    row("cdhash", exits, "process.hash.cdhash", "28cd");
    row("flags", exits, "process.code_signature.flags", "570556931");
    row("platform binary", exits, "process.code_signature.trusted", "~true");
    row("platform subject", exits, "process.code_signature.subject_name", "~Software Signing");
    row("responsible", exits, "process.Ext.effective_parent.pid", "938");
    row("group leader", exits, "process.group_leader.pid", "97391");
    row("session leader", exits, "process.session_leader.pid", "58916");
    row("tty", exits, "process.tty", "/dev/ttys003");
    row("interactive", exits, "process.interactive", "~true");
    row("start", exits, "process.start", "2025-08-07T13:21:35.877422Z");
    row("what is left", exits, "esf.seq_num", "27");

    const std::string forks = message(R"({"fork":{"child":{"audit_token":{"pid":7,"pidversion":8},)"
                                      R"("executable":{"path":"/bin/nu"}}}})");
    row("fork action", forks, "event.action", "~fork");
    row("fork child", forks, "process.pid", "7");
    row("fork parent", forks, "process.parent.name", "~nu");
    row("create",
        message(
            R"({"create":{"destination":{"new_path":{"dir":{"path":"/tmp"},"filename":"a.b"}}}})"),
        "file.path", "~/tmp/a.b");
    row("create extension",
        message(R"({"create":{"destination":{"new_path":{"dir":{"path":"/"},"filename":"a.b"}}}})"),
        "file.extension", "~b");
    row("create over", message(R"({"create":{"destination":{"existing_file":{"path":"/tmp/c"}}}})"),
        "file.name", "~c");
    row("open", message(R"({"open":{"fflag":1,"file":{"path":"/etc/x"}}})"), "file.path", "/etc/x");
    row("close unchanged", message(R"({"close":{"modified":false,"target":{"path":"/x"}}})"),
        "event.type", "~access");
    row("close changed", message(R"({"close":{"modified":true,"target":{"path":"/x"}}})"),
        "event.type", "~change");
    row("close action", message(R"({"close":{"modified":true,"target":{"path":"/x"}}})"),
        "event.action", "~modification");
    row("write", message(R"({"write":{"target":{"path":"/x"}}})"), "event.action", "~modification");
    row("rename from",
        message(
            R"({"rename":{"source":{"path":"/a"},"destination":{"existing_file":{"path":"/b"}}}})"),
        "file.Ext.original.path", "/a");
    row("rename to",
        message(
            R"({"rename":{"source":{"path":"/a"},"destination":{"existing_file":{"path":"/b"}}}})"),
        "file.path", "/b");
    row("unlink", message(R"({"unlink":{"target":{"path":"/x"}}})"), "event.type", "~deletion");
    row("delete attribute",
        message(R"({"deleteextattr":{"target":{"path":"/x"},"extattr":"com.apple.quarantine"}})"),
        "event.action", "~extended_attributes_delete");
    row("mmap", message(R"({"mmap":{"source":{"path":"/l/x.dylib"}}})"), "dll.name", "~x.dylib");
    row("mount", message(R"({"mount":{"statfs":{"f_mntonname":"/v"}}})"), "file.path", "/v");
    row("signal",
        message(
            R"({"signal":{"sig":9,"target":{"audit_token":{"pid":5},"executable":{"path":"/t"}}}})"),
        "Target.process.pid", "5");
    row("authentication", message(R"({"authentication":{"success":false}})"), "event.outcome",
        "~failure");
    row("ssh",
        message(R"({"openssh_login":{"success":true,"username":"u","source_address":"10.0.0.1"}})"),
        "source.ip", "10.0.0.1");
    row("sudo", message(R"({"sudo":{"success":true,"from_username":"u","to_username":"root"}})"),
        "user.effective.name", "root");
    row("launch item",
        message(R"({"btm_launch_item_add":{"item":{"item_url":"file:///L/a%20b.plist"}}})"),
        "file.path", "/L/a b.plist");
    row("unix socket", message(R"({"uipc_connect":{"file":{"path":"/var/run/s"}}})"),
        "event.category", "~network");
    const std::string jamf = message(
        R"({"exit":{"stat":0}})",
        R"({"audit_token":{"pid":4,"pidversion":5,"uuid":"AB-1"},"executable":{"path":"/b",)"
        R"("sha256":"CDEF"}})",
        R"(,"host":{"hostname":"mac-1","os":"Version 14.0","serial":"S","ips":["10.0.0.9"],)"
        R"("provisioningUDID":"0000FE00-84"})");
    row("jamf host", jamf, "host.name", "mac-1");
    row("jamf host id", jamf, "host.id", "0000FE00-84");
    row("jamf entity", jamf, "process.entity_id", "AB-1");
    row("jamf hash", jamf, "process.hash.sha256", "cdef");
}

void TestUnixMapping::endpointSecurity()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    QCOMPARE(fromStd(mapped(event.toStdString(), field.toStdString())), value);
}

/// An exec raises pidversion: another entity of the same pid, whose previous one is the old image.
void TestUnixMapping::entityIdsFollowImages()
{
    const std::string exec =
        execMessage(R"({"pid":97391,"pidversion":149092,"euid":501,"ruid":501,"egid":20})");
    const std::string exits = message(R"({"exit":{"stat":0}})");
    const std::string entity = mapped(exec, "process.entity_id");
    QVERIFY2(entity.starts_with("~es-") && entity.size() == 24, entity.c_str());
    QVERIFY(entity != mapped(exits, "process.entity_id"));
    QCOMPARE(mapped(exec, "process.previous.entity_id"), mapped(exits, "process.entity_id"));
    QCOMPARE(mapped(exec, "process.parent.entity_id"), mapped(exits, "process.parent.entity_id"));
}

void TestUnixMapping::others_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");

    const auto row = [](const char* name, const char* event, const char* field, const char* value) {
        QTest::newRow(name) << QByteArray(event) << QByteArray(field) << QByteArray(value);
    };
    constexpr const char* bsm =
        R"({"header":{"event_name":"AUE_EXECVE","time_seconds_epoch":1571164212,)"
        R"("time_milliseconds_offset":223},"host_info":{"host_name":"VMAC","host_uuid":"3F"},)"
        R"("exec_args":{"args_compiled":"/usr/libexec/x,.Trashes"},"exec_chain_child":)"
        R"({"parent_path":"/usr/libexec/automountd","parent_pid":25113},"subject":)"
        R"({"process_id":25601,"process_name":"/usr/libexec/x","effective_user_name":"root",)"
        R"("effective_user_id":0},"identity":{"signer_id":"com.apple.x","team_id":""},)"
        R"("return":{"description":"success"}})";
    row("OpenBSM: time", bsm, "@timestamp", "~2019-10-15T18:30:12.223Z");
    row("OpenBSM: action", bsm, "event.action", "~exec");
    row("OpenBSM: process", bsm, "process.name", "~x");
    row("OpenBSM: args", bsm, "process.args", "~/usr/libexec/x|.Trashes");
    row("OpenBSM: parent", bsm, "process.parent.name", "~automountd");
    row("OpenBSM: host", bsm, "host.name", "VMAC");
    row("OpenBSM: signer", bsm, "process.code_signature.signing_id", "com.apple.x");
    row("OpenBSM: no team", bsm, "process.code_signature.team_id", "");
    row("Jamf alert: time",
        R"({"eventType":"GPProcessEvent","host":{"hostname":"m"},"related":{},)"
        R"("match":{"event":{"timestamp":1698841238.851668,"pid":7}}})",
        "@timestamp", "~2023-11-01T12:20:38.851668Z");

    constexpr const char* endgame =
        R"({"event_type":"process","subtype":"create","pid":5096,"ppid":6048,)"
        R"("timestamp":131883575662110000,"command_line":"\"C:\\p y.exe\" x",)"
        R"("process_name":"p y.exe","process_path":"C:\\p y.exe","unique_pid":"{9C97-A}",)"
        R"("unique_ppid":"{9C977984-B8A0-5C05-0000-0010F178C500}","user_name":"alice",)"
        R"("user_domain":"D","logon_id":92940})";
    row("Endgame: time", endgame, "@timestamp", "2018-12-04T00:39:26.211Z");
    row("Endgame: type", endgame, "event.type", "~start");
    row("Endgame: parent", endgame, "process.parent.entity_id",
        "{9c977984-b8a0-5c05-0000-0010f178c500}");
    row("Endgame: args", endgame, "process.args", "~C:\\p y.exe|x");
    row("Endgame: user", endgame, "user.name", "alice");
    row("Endgame: left over", endgame, "endgame.logon_id", "92940");
    row("Endgame: image load",
        R"({"event_type":"image_load","image_path":"C:\\n.dll","pid":1,"timestamp":131883575662110000,)"
        R"("unique_pid":"{A}"})",
        "dll.name", "~n.dll");
    row("Endgame: outgoing",
        R"({"event_type":"network","subtype":"outgoing","destination_address":"10.0.0.1","pid":1,)"
        R"("timestamp":131883575662110000,"unique_pid":"{A}"})",
        "network.direction", "~egress");

    constexpr const char* audit =
        "type=SYSCALL msg=audit(1604996384.965:93777): arch=c000003e syscall=59 success=yes "
        "ppid=29002 pid=2168 auid=1000 uid=1000 gid=1000 euid=0 tty=pts0 comm=\"dd\" "
        "exe=\"/bin/dd\" "
        "key=(null)\n"
        "type=EXECVE msg=audit(1604996384.965:93777): argc=3 a0=\"dd\" a1=69663D2F a2=\"count=1\"\n"
        "type=CWD msg=audit(1604996384.965:93777): cwd=\"/home/w\"\n"
        "type=PATH msg=audit(1604996384.965:93777): item=0 name=\"/bin/dd\"\n"
        "type=PATH msg=audit(1604996384.965:93777): item=1 name=\"/lib/ld.so\"\n"
        "type=PROCTITLE msg=audit(1604996384.965:93777): proctitle=64640069663D2F\n";
    row("audit: time", audit, "@timestamp", "~2020-11-10T08:19:44.965Z");
    row("audit: os", audit, "host.os.type", "~linux");
    row("audit: action", audit, "event.action", "~exec");
    row("audit: pid", audit, "process.pid", "2168");
    row("audit: parent", audit, "process.parent.pid", "29002");
    row("audit: process", audit, "process.name", "~dd");
    row("audit: args", audit, "process.args", "dd|if=/|count=1");
    row("audit: directory", audit, "process.working_directory", "/home/w");
    row("audit: user", audit, "user.effective.id", "0");
    row("audit: outcome", audit, "event.outcome", "~success");
    row("audit: key of nothing", audit, "tags", "");
    row("audit: paths stay", audit, "auditd.path.name", "/bin/dd|/lib/ld.so");
    row("audit: connect",
        "node=h type=SYSCALL msg=audit(1604996384.965:2): syscall=42 success=no pid=1 "
        "exe=2F62696E2F612062\n",
        "process.executable", "/bin/a b");
    row("audit: node", "node=h type=SYSCALL msg=audit(1604996384.965:2): syscall=42\n", "host.name",
        "h");
    row("audit: login",
        "type=USER_LOGIN msg=audit(1604996384.965:9): pid=7 uid=0 msg='op=login acct=\"root\" "
        "exe=\"/usr/sbin/sshd\" addr=10.0.0.1 res=failed'\n",
        "event.outcome", "~failure");
    row("audit: login from",
        "type=USER_LOGIN msg=audit(1604996384.965:9): pid=7 uid=0 msg='op=login acct=\"root\" "
        "exe=\"/usr/sbin/sshd\" addr=10.0.0.1 res=failed'\n",
        "source.ip", "10.0.0.1");

    constexpr const char* sentinelSysmon =
        R"({"Type":"Syslog","TimeGenerated":"2022-05-11T18:10:20.4Z","HostName":"UBUNTU5",)"
        R"("ProcessName":"sysmon","SyslogMessage":"<Event><System><Provider Name=\"Linux-Sysmon\"/>)"
        R"(<EventID>1</EventID><TimeCreated SystemTime=\"2022-05-11T18:10:20.399931000Z\"/>)"
        R"(<Channel>Linux-Sysmon/Operational</Channel><Computer>UBUNTU5</Computer></System>)"
        R"(<EventData><Data Name=\"UtcTime\">2022-05-11 18:05:20.395</Data>)"
        R"(<Data Name=\"Image\">/bin/sh</Data><Data Name=\"CommandLine\">sh -c 'a b'</Data>)"
        R"(<Data Name=\"User\">root</Data></EventData></Event>"})";
    row("Sentinel Sysmon: os", sentinelSysmon, "host.os.type", "~linux");
    row("Sentinel Sysmon: process", sentinelSysmon, "process.name", "~sh");
    row("Sentinel Sysmon: args", sentinelSysmon, "process.args", "~sh|-c|a b");
    row("Sentinel Sysmon: user", sentinelSysmon, "user.name", "root");
    row("Sentinel Sysmon: UtcTime minutes off", sentinelSysmon, "@timestamp",
        "~2022-05-11T18:10:20.399931Z");
    constexpr const char* auoms =
        R"({"Type":"Syslog","TimeGenerated":"2022-05-11T18:10:21.997Z","HostName":"UBUNTU5",)"
        R"("ProcessName":"auoms","EventType":"AUOMS_EXECVE","SyslogMessage":"type=AUOMS_EXECVE )"
        R"(audit(1652292621.990:84143): success=yes ppid=1340 pid=17790 user=tomcat uid=1001 )"
        R"(comm=\"bash\" exe=\"/bin/bash\" cwd=\"/\" cmdline=\"bash -c \"{echo,YmF}|{bash,-i}\"\" )"
        R"(containerid="})";
    row("auoms: pid", auoms, "process.pid", "17790");
    row("auoms: command", auoms, "process.command_line", R"(bash -c "{echo,YmF}|{bash,-i}")");
    row("auoms: user", auoms, "user.name", "tomcat");
    row("auoms: type", auoms, "event.type", "~start");
    row("auoms: host", auoms, "host.name", "UBUNTU5");
    row("auoms: time", auoms, "@timestamp", "2022-05-11T18:10:21.997Z");
}

void TestUnixMapping::others()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    QCOMPARE(fromStd(mapped(event.toStdString(), field.toStdString())), value);
}

QTEST_GUILESS_MAIN(TestUnixMapping)
#include "tst_unix_mapping.moc"
