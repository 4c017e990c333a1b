#include "core/base/timestamp.h"
#include "tests/core/mapping/mapped_event.h"

#include <QTest>

using namespace sequela;
using namespace sequela::mapping::testing;

namespace {

QByteArray fromStd(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

} // namespace

/// The tables of Windows sources, row by row.
class TestWindowsMapping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void kinds_data();
    void kinds();
    void sysmonFields_data();
    void sysmonFields();
    void securityFields_data();
    void securityFields();
    void powershellFields_data();
    void powershellFields();
    void shapes_data();
    void shapes();
    void timesAreTheEvents();
    void libraryOnlyWhereAskedFor();
    void withoutMappingNothingIsRenamed();
    void unmappedFieldsAreCounted();
};

void TestWindowsMapping::kinds_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("category");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("action");

    const auto sysmon = [](const char* code, const char* category, const char* type,
                           const char* action) {
        QTest::addRow("Sysmon %s", code) << fromStd(sysmonEvent(code, "")) << QByteArray(category)
                                         << QByteArray(type) << QByteArray(action);
    };
    sysmon("1", "process", "start", "Process creation");
    sysmon("2", "file", "change", "A process changed a file creation time");
    sysmon("3", "network", "start|connection|protocol", "Network connection");
    sysmon("4", "process", "change", "Sysmon service state changed");
    sysmon("5", "process", "end", "Process terminated");
    sysmon("6", "driver", "start", "Driver loaded");
    sysmon("7", "process", "change", "Image loaded");
    sysmon("8", "process", "change", "CreateRemoteThread");
    sysmon("9", "process", "access", "RawAccessRead");
    sysmon("10", "process", "access", "ProcessAccess");
    sysmon("11", "file", "creation", "FileCreate");
    sysmon("12", "configuration|registry", "change", "RegistryEvent (Object create and delete)");
    sysmon("13", "configuration|registry", "change", "RegistryEvent (Value Set)");
    sysmon("14", "configuration|registry", "change", "RegistryEvent (Key and Value Rename)");
    sysmon("15", "file", "access", "FileCreateStreamHash");
    sysmon("17", "file", "creation", "PipeEvent (Pipe Created)");
    sysmon("18", "file", "access", "PipeEvent (Pipe Connected)");
    sysmon("19", "process", "info", "WmiEvent (WmiEventFilter activity detected)");
    sysmon("20", "process", "change", "WmiEvent (WmiEventConsumer activity detected)");
    sysmon("21", "process", "access", "WmiEvent (WmiEventConsumerToFilter activity detected)");
    sysmon("22", "network", "connection|protocol|info", "DNSEvent (DNS query)");
    sysmon("23", "file", "deletion", "FileDelete (File Delete archived)");
    sysmon("24", "", "change", "ClipboardChange (New content in the clipboard)");
    sysmon("25", "process", "change", "ProcessTampering (Process image change)");
    sysmon("26", "file", "deletion", "FileDeleteDetected (File Delete logged)");
    sysmon("27", "file", "creation|denied", "FileBlockExecutable");
    sysmon("28", "file", "deletion|denied", "FileBlockShredding");
    sysmon("29", "file", "creation", "FileExecutableDetected");
    sysmon("255", "process", "error", "Error");
    sysmon("99", "", "", "");

    const auto security = [](const char* code, const char* category, const char* type,
                             const char* action) {
        QTest::addRow("Security %s", code)
            << fromStd(securityEvent(code, "")) << QByteArray(category) << QByteArray(type)
            << QByteArray(action);
    };
    security("4624", "authentication", "start", "logged-in");
    security("4625", "authentication", "start", "logon-failed");
    security("4634", "authentication", "end", "logged-out");
    security("4647", "authentication", "end", "logged-out");
    security("4648", "authentication", "start", "logged-in-explicit");
    security("4672", "iam", "admin", "logged-in-special");
    security("4688", "process", "start", "created-process");
    security("4689", "process", "end", "exited-process");
    security("5156", "network", "connection|info|allowed", "windows-firewall-connection");
    security("5157", "network", "connection|info|denied", "windows-firewall-packet-block");
    security("5152", "network", "connection|info|denied", "windows-firewall-packet-drop");
    security("4697", "iam|configuration", "admin|change", "service-installed");
    security("4698", "iam|configuration", "creation|admin", "scheduled-task-created");
    security("1102", "iam", "admin|change", "audit-log-cleared");
}

void TestWindowsMapping::kinds()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, category);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, action);
    const std::string text = event.toStdString();
    QCOMPARE(fromStd(mappedText(text, "event.category")), category);
    QCOMPARE(fromStd(mappedText(text, "event.type")), type);
    QCOMPARE(fromStd(mappedText(text, "event.action")), action);
    QCOMPARE(fromStd(mappedText(text, "event.kind")), QByteArray("event"));
}

void TestWindowsMapping::sysmonFields_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");

    const auto row = [](const char* name, const char* code, const char* data, const char* field,
                        const char* value) {
        QTest::addRow("%s: %s", code, name)
            << QByteArray(code) << QByteArray(data) << QByteArray(field) << QByteArray(value);
    };
    // What System says.
    row("channel", "1", "", "winlog.channel", "Microsoft-Windows-Sysmon/Operational");
    row("event id", "1", "", "winlog.event_id", "1");
    row("event code", "1", "", "event.code", "1");
    row("provider", "1", "", "event.provider", "Microsoft-Windows-Sysmon");
    row("provider guid", "1", "", "winlog.provider_guid", "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}");
    row("record id", "1", "", "winlog.record_id", "67583");
    row("computer", "1", "", "winlog.computer_name", "Host-A");
    row("host name", "1", "", "host.name", "Host-A");
    row("logging process", "1", R"("ProcessId":7)", "winlog.process.pid", "3904");
    row("logging thread", "1", "", "winlog.process.thread.id", "4272");
    row("logging user", "1", "", "winlog.user.identifier", "S-1-5-18");
    row("user id is the service's", "1", R"("User":"D\\n")", "user.id", "S-1-5-18");
    row("level", "1", "", "log.level", "~information");
    row("os", "1", "", "host.os.type", "~windows");
    row("module", "1", "", "event.module", "~sysmon");
    row("dataset", "1", "", "event.dataset", "~windows.sysmon_operational");
    row("time", "1", R"("UtcTime":"2025-12-06 21:11:02.632")", "@timestamp",
        "2025-12-06T21:11:02.632Z");
    row("created", "1", R"("UtcTime":"2025-12-06 21:11:02.632")", "event.created",
        "2025-12-06T21:11:02.649150100Z");
    // Empty values.
    row("dash is nothing", "1", R"("RuleName":"-","X":"-")", "winlog.event_data.X", "");
    row("no rule", "1", R"("RuleName":"-")", "rule.name", "");
    row("zero guid", "1", R"("ParentProcessGuid":"00000000-0000-0000-0000-000000000000")",
        "process.parent.entity_id", "");
    // Processes.
    row("guid", "1", R"("ProcessGuid":"0197231E-9BE6-6934-5301-000000000B00")", "process.entity_id",
        "{0197231e-9be6-6934-5301-000000000b00}");
    row("guid stays", "1", R"("ProcessGuid":"{0197231E-9BE6-6934-5301-000000000B00}")",
        "winlog.event_data.ProcessGuid", "{0197231E-9BE6-6934-5301-000000000B00}");
    row("source guid", "8", R"("SourceProcessGuid":"{AA97231E-9BE6-6934-5301-000000000B00}")",
        "process.entity_id", "{aa97231e-9be6-6934-5301-000000000b00}");
    row("source GUID", "10", R"("SourceProcessGUID":"{AA97231E-9BE6-6934-5301-000000000B00}")",
        "process.entity_id", "{aa97231e-9be6-6934-5301-000000000b00}");
    row("pid", "1", R"("ProcessId":"3412")", "process.pid", "3412");
    row("source pid", "10", R"("SourceProcessId":"7")", "process.pid", "7");
    row("source thread", "10", R"("SourceThreadId":"8")", "process.thread.id", "8");
    row("image", "1", R"("Image":"C:\\W\\cmd.exe")", "process.executable", "C:\\W\\cmd.exe");
    row("name", "1", R"("Image":"C:\\W\\cmd.exe")", "process.name", "~cmd.exe");
    row("source image", "10", R"("SourceImage":"C:\\W\\a.exe")", "process.name", "~a.exe");
    row("target stays", "10", R"("TargetImage":"C:\\W\\b.exe")", "winlog.event_data.TargetImage",
        "C:\\W\\b.exe");
    row("command line", "1", R"("CommandLine":"\"C:\\a b\\x.exe\" /c \"d e\"")",
        "process.command_line", R"("C:\a b\x.exe" /c "d e")");
    row("args", "1", R"("CommandLine":"\"C:\\a b\\x.exe\" /c \"d e\"")", "process.args",
        R"(~C:\a b\x.exe|/c|d e)");
    row("args count", "1", R"("CommandLine":"a b c")", "process.args_count", "~3");
    row("working directory", "1", R"("CurrentDirectory":"C:\\")", "process.working_directory",
        "C:\\");
    row("parent", "1", R"("ParentProcessGuid":"BB97231E-9BE6-6934-5301-000000000B00")",
        "process.parent.entity_id", "{bb97231e-9be6-6934-5301-000000000b00}");
    row("parent pid", "1", R"("ParentProcessId":1092)", "process.parent.pid", "1092");
    row("parent image", "1", R"("ParentImage":"C:\\p.exe")", "process.parent.executable",
        "C:\\p.exe");
    row("parent name", "1", R"("ParentImage":"C:\\p.exe")", "process.parent.name", "~p.exe");
    row("parent args", "1", R"("ParentCommandLine":"p -x")", "process.parent.args", "~p|-x");
    row("parent user stays", "1", R"("ParentUser":"D\\p")", "winlog.event_data.ParentUser", "D\\p");
    row("original name", "1", R"("OriginalFileName":"Cmd.Exe")", "process.pe.original_file_name",
        "Cmd.Exe");
    row("company stays", "1", R"("Company":"M")", "winlog.event_data.Company", "M");
    row("company", "1", R"("Company":"M")", "process.pe.company", "M");
    row("md5", "1", R"("Hashes":"MD5=AB,SHA256=CD,IMPHASH=EF")", "process.hash.md5", "ab");
    row("sha256", "1", R"("Hashes":"MD5=AB,SHA256=CD,IMPHASH=EF")", "process.hash.sha256", "cd");
    row("imphash", "1", R"("Hashes":"MD5=AB,IMPHASH=EF")", "process.pe.imphash", "ef");
    row("zero hash", "1", R"("Hashes":"MD5=AB,IMPHASH=0000")", "process.pe.imphash", "");
    row("related hashes", "1", R"("Hashes":"MD5=AB,SHA256=CD")", "related.hash", "~ab|cd");
    row("user", "1", R"("User":"DOM\\n")", "user.name", "~n");
    row("domain", "1", R"("User":"DOM\\n")", "user.domain", "~DOM");
    row("three parts are no user", "1", R"("User":"A\\B\\c")", "user.name", "");
    row("logon id", "1", R"("LogonId":"0x1")", "winlog.logon.id", "0x1");
    row("integrity stays", "1", R"("IntegrityLevel":"High")", "winlog.event_data.IntegrityLevel",
        "High");
    row("rule", "1", R"("RuleName":"T1")", "rule.name", "T1");
    // Network.
    row("transport", "3", R"("Protocol":"tcp")", "network.transport", "tcp");
    row("source", "3", R"("SourceIp":"10.0.0.1")", "source.ip", "10.0.0.1");
    row("broken address", "3", R"("SourceIp":"a00:203:0:0:0:0:0:0:1:2")", "source.ip", "");
    row("broken address stays", "3", R"("SourceIp":"a00:203:0:0:0:0:0:0:1:2")",
        "winlog.event_data.SourceIp", "a00:203:0:0:0:0:0:0:1:2");
    row("source port", "3", R"("SourcePort":"50")", "source.port", "50");
    row("destination", "3", R"("DestinationIp":"10.0.0.2")", "destination.ip", "10.0.0.2");
    row("destination port", "3", R"("DestinationPort":53)", "destination.port", "53");
    row("destination name", "3", R"("DestinationHostname":"h")", "destination.domain", "h");
    row("protocol", "3", R"("DestinationPortName":"https")", "network.protocol", "https");
    row("source's protocol wins", "3", R"("DestinationPortName":"a","SourcePortName":"b")",
        "network.protocol", "b");
    row("egress", "3", R"("Initiated":"true")", "network.direction", "~egress");
    row("ingress", "3", R"("Initiated":false)", "network.direction", "~ingress");
    row("type", "3", R"("SourceIsIpv6":"false")", "network.type", "~ipv4");
    row("community id", "3",
        R"("SourceIp":"128.232.110.120","DestinationIp":"66.35.250.204","SourcePort":"34855",)"
        R"("DestinationPort":"80","Protocol":"tcp")",
        "network.community_id", "~1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    row("related ip", "3", R"("SourceIp":"10.0.0.1","DestinationIp":"10.0.0.2")", "related.ip",
        "10.0.0.1|10.0.0.2");
    // DNS.
    row("query", "22", R"("QueryName":"a.example.com")", "dns.question.name", "a.example.com");
    row("registered domain", "22", R"("QueryName":"www.A.Example.co.uk")",
        "dns.question.registered_domain", "~Example.co.uk");
    row("subdomain", "22", R"("QueryName":"www.A.Example.co.uk")", "dns.question.subdomain",
        "~www.A");
    row("top level domain", "22", R"("QueryName":"www.A.Example.co.uk")",
        "dns.question.top_level_domain", "~co.uk");
    row("no subdomain", "22", R"("QueryName":"example.com")", "dns.question.subdomain", "");
    row("suffix alone", "22", R"("QueryName":"co.uk")", "dns.question.registered_domain", "");
    row("one label", "22", R"("QueryName":"wpad")", "dns.question.registered_domain", "");
    row("address", "22", R"("QueryName":"10.0.0.1")", "dns.question.top_level_domain", "");
    row("blank image", "1", R"("Image":"&lt unknown process&gt ")", "process.name", "");
    row("dns", "22", "", "network.protocol", "~dns");
    row("answers", "22", R"("QueryResults":"type:  5 c.example;::ffff:1.2.3.4;::1;")",
        "dns.answers.data", "~c.example|1.2.3.4|::1");
    row("answer types", "22", R"("QueryResults":"type:  5 c.example;::ffff:1.2.3.4;::1;")",
        "dns.answers.type", "~CNAME|A|AAAA");
    row("resolved", "22", R"("QueryResults":"type:  5 c.example;::ffff:1.2.3.4;::1;")",
        "dns.resolved_ip", "~1.2.3.4|::1");
    row("related hosts", "22", R"("QueryName":"a.b","QueryResults":"type:  5 c.d;")",
        "related.hosts", "~a.b|c.d");
    row("status", "22", R"("QueryStatus":"9003")", "sysmon.dns.status",
        "~DNS_ERROR_RCODE_NAME_ERROR");
    row("success", "22", R"("QueryStatus":"0")", "sysmon.dns.status", "~SUCCESS");
    // Files.
    row("file", "11", R"("TargetFilename":"C:\\d\\f.tar.gz")", "file.path", "C:\\d\\f.tar.gz");
    row("file name", "11", R"("TargetFilename":"C:\\d\\f.tar.gz")", "file.name", "~f.tar.gz");
    row("directory", "11", R"("TargetFilename":"C:\\d\\f.tar.gz")", "file.directory", "~C:\\d");
    row("extension", "11", R"("TargetFilename":"C:\\d\\f.tar.gz")", "file.extension", "~gz");
    row("no extension", "11", R"("TargetFilename":"C:\\d\\f.")", "file.extension", "");
    row("device", "9", R"("Device":"\\Device\\X")", "file.path", "\\Device\\X");
    row("pipe", "17", R"("PipeName":"\\srvsvc")", "file.name", "\\srvsvc");
    row("deleted file's hash", "23", R"("Hashes":"MD5=AB")", "process.hash.md5", "ab");
    row("stream hash", "15", R"("Hash":"MD5=AB")", "file.hash.md5", "ab");
    row("archived", "23", R"("Archived":"true")", "sysmon.file.archived", "true");
    // Images loaded: both ways to write rules.
    row("loaded file", "7", R"("ImageLoaded":"C:\\d\\x.dll")", "file.path", "C:\\d\\x.dll");
    row("loaded dll", "7", R"("ImageLoaded":"C:\\d\\x.dll")", "dll.name", "~x.dll");
    row("dll hash", "7", R"("Hashes":"MD5=AB")", "dll.hash.md5", "~ab");
    row("loader's hash is not told", "7", R"("Hashes":"MD5=AB")", "process.hash.md5", "");
    row("signature", "7", R"("Signature":"M","SignatureStatus":"Valid")",
        "file.code_signature.subject_name", "M");
    row("signature status", "7", R"("SignatureStatus":"Valid")", "file.code_signature.status",
        "Valid");
    row("valid", "7", R"("SignatureStatus":"Valid")", "file.code_signature.valid", "~true");
    row("not valid", "7", R"("SignatureStatus":"Expired")", "file.code_signature.valid", "");
    row("dll's pe", "7", R"("OriginalFileName":"X.DLL")", "file.pe.original_file_name", "X.DLL");
    // Registry.
    row("registry", "13", R"("TargetObject":"HKLM\\System\\a\\v")", "registry.path",
        "HKLM\\System\\a\\v");
    row("hive", "13", R"("TargetObject":"HKLM\\System\\a\\v")", "registry.hive", "~HKLM");
    row("long hive", "13", R"("TargetObject":"HKEY_USERS\\S-1\\v")", "registry.hive", "~HKU");
    row("key holds the value", "13", R"("TargetObject":"HKLM\\System\\a\\v")", "registry.key",
        "~System\\a\\v");
    row("value", "13", R"("TargetObject":"HKLM\\System\\a\\v")", "registry.value", "~v");
    row("kind of event stays", "12", R"("EventType":"DeleteKey")", "winlog.event_data.EventType",
        "DeleteKey");
    row("dword", "13", R"x("Details":"DWORD (0x00000010)")x", "registry.data.strings", "~16");
    row("dword type", "13", R"x("Details":"DWORD (0x00000010)")x", "registry.data.type",
        "~SZ_DWORD");
    row("qword by 32 bits", "13", R"x("Details":"QWORD (0x00000001-0x00000002)")x",
        "registry.data.strings", "~4294967298");
    row("binary", "13", R"("Details":"Binary Data")", "registry.data.type", "~REG_BINARY");
    row("text", "13", R"("Details":"abc")", "registry.data.strings", "abc");
    row("text type", "13", R"("Details":"abc")", "registry.data.type", "~REG_SZ");
    row("new name stays", "14", R"("NewName":"HKLM\\x")", "winlog.event_data.NewName", "HKLM\\x");
    // Others.
    row("error", "255", R"("ID":"E1")", "error.code", "E1");
    row("error's outcome", "255", "", "event.outcome", "~failure");
    row("tampering", "25", R"("Type":"Image is replaced")", "message", "Image is replaced");
}

void TestWindowsMapping::sysmonFields()
{
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    QCOMPARE(
        fromStd(mapped(sysmonEvent(code.toStdString(), data.toStdString()), field.toStdString())),
        value);
}

void TestWindowsMapping::securityFields_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");

    const auto row = [](const char* name, const char* code, const char* data, const char* field,
                        const char* value) {
        QTest::addRow("%s: %s", code, name)
            << QByteArray(code) << QByteArray(data) << QByteArray(field) << QByteArray(value);
    };
    constexpr const char* logon =
        R"("SubjectUserName":"HOST$","SubjectLogonId":"0x3e7","TargetUserSid":"S-1-5-21-1",)"
        R"("TargetUserName":"ann","TargetDomainName":"CORP","TargetLogonId":"0x99",)"
        R"("LogonType":"10","ProcessId":"0x2fc","ProcessName":"C:\\W\\winlogon.exe",)"
        R"("IpAddress":"::ffff:10.1.2.3","IpPort":"4711","WorkstationName":"WS")";
    row("user", "4624", logon, "user.name", "ann");
    row("user id", "4624", logon, "user.id", "S-1-5-21-1");
    row("domain", "4624", logon, "user.domain", "CORP");
    row("pid", "4624", logon, "process.pid", "764");
    row("process", "4624", logon, "process.name", "~winlogon.exe");
    row("source", "4624", logon, "source.ip", "10.1.2.3");
    row("port", "4624", logon, "source.port", "4711");
    row("workstation", "4624", logon, "source.domain", "WS");
    row("type", "4624", logon, "winlog.logon.type", "~RemoteInteractive");
    row("logon id", "4624", logon, "winlog.logon.id", "0x3e7");
    row("both users", "4624", logon, "related.user", "HOST$|ann");
    row("dash is no address", "4624", R"("IpAddress":"-")", "source.ip", "");
    row("time", "4624", "", "@timestamp", "2025-12-06T21:11:02.649150100Z");
    row("outcome", "4624", "", "event.outcome", "~success");
    row("module", "4624", "", "event.module", "~security");
    row("status text", "4625", R"("SubStatus":"0xc000006a")", "winlog.logon.failure.sub_status",
        "~User logon with misspelled or bad password");
    row("status stays", "4625", R"("SubStatus":"0xc000006a")", "winlog.event_data.SubStatus",
        "0xc000006a");
    row("logoff id", "4634", R"("TargetLogonId":"0x99")", "winlog.logon.id", "0x99");
    constexpr const char* explicitLogon =
        R"("SubjectUserSid":"S-1","SubjectUserName":"bob","SubjectDomainName":"D",)"
        R"("TargetUserName":"root","TargetDomainName":"E")";
    row("actor", "4648", explicitLogon, "user.name", "bob");
    row("as whom", "4648", explicitLogon, "user.effective.name", "root");
    row("special", "4672", R"("SubjectUserName":"bob")", "user.name", "bob");
    constexpr const char* start =
        R"("SubjectUserName":"bob","SubjectDomainName":"D","NewProcessId":"0x11cc",)"
        R"("NewProcessName":"C:\\W\\cmd.exe","ProcessId":"0x10","ParentProcessName":"C:\\p.exe",)"
        R"("CommandLine":"\"cmd\" /c \"a b\"","TargetUserName":"eve")";
    row("pid", "4688", start, "process.pid", "4556");
    row("image", "4688", start, "process.executable", "C:\\W\\cmd.exe");
    row("name", "4688", start, "process.name", "~cmd.exe");
    row("parent pid", "4688", start, "process.parent.pid", "16");
    row("parent name", "4688", start, "process.parent.name", "~p.exe");
    row("quotes stay", "4688", start, "process.args", R"(~"cmd"|/c|"a b")");
    row("user", "4688", start, "user.name", "bob");
    row("effective user", "4688", start, "user.effective.name", "eve");
    row("end", "4689", R"("ProcessId":"0x11cc","ProcessName":"C:\\W\\cmd.exe","Status":"0x1")",
        "process.pid", "4556");
    row("exit code", "4689", R"("Status":"0x1")", "process.exit_code", "1");
    row("status stays", "4689", R"("Status":"0x1")", "winlog.event_data.Status", "0x1");
    constexpr const char* connection =
        R"("ProcessID":"3216","Application":"\\device\\harddiskvolume2\\w\\a.exe",)"
        R"("Direction":"%%14593","SourceAddress":"172.18.39.5","SourcePort":"52644",)"
        R"("DestAddress":"168.63.129.16","DestPort":"80","Protocol":"6")";
    row("source", "5156", connection, "source.ip", "172.18.39.5");
    row("destination", "5156", connection, "destination.ip", "168.63.129.16");
    row("port", "5156", connection, "destination.port", "80");
    row("transport", "5156", connection, "network.transport", "~tcp");
    row("protocol number", "5156", connection, "network.iana_number", "6");
    row("direction", "5156", connection, "network.direction", "~outbound");
    row("pid", "5156", connection, "process.pid", "3216");
    row("pid stays", "5156", connection, "winlog.event_data.ProcessID", "3216");
    row("application", "5156", connection, "process.executable", "~\\w\\a.exe");
    row("process", "5156", connection, "process.name", "~a.exe");
    row("blocked", "5157", connection, "source.ip", "172.18.39.5");
    row("service", "4697", R"("ServiceName":"s")", "service.name", "s");
}

void TestWindowsMapping::securityFields()
{
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    QCOMPARE(
        fromStd(mapped(securityEvent(code.toStdString(), data.toStdString()), field.toStdString())),
        value);
}

void TestWindowsMapping::powershellFields_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");

    const auto row = [](const char* name, const char* channel, const char* code, const char* data,
                        const char* field, const char* value) {
        QTest::newRow(name) << fromStd(windowsEvent("PowerShell", channel, code, data))
                            << QByteArray(field) << QByteArray(value);
    };
    constexpr const char* operational = "Microsoft-Windows-PowerShell/Operational";
    row("script block", operational, "4104", R"("ScriptBlockText":"iex x")",
        "powershell.file.script_block_text", "iex x");
    row("script block id", operational, "4104", R"("ScriptBlockId":"1-2")",
        "powershell.file.script_block_id", "1-2");
    row("part", operational, "4104", R"("MessageNumber":"2")", "powershell.sequence", "2");
    row("script", operational, "4104", R"("Path":"C:\\a.ps1")", "file.name", "~a.ps1");
    row("category", operational, "4104", "", "event.category", "~process");
    constexpr const char* context =
        R"("ContextInfo":"  Host Name = ConsoleHost\r\n  Host Application = powershell -noP x\r\n)"
        R"(  User = D\\ann\r\n")";
    row("context", operational, "4103", context, "process.command_line", "powershell -noP x");
    row("context's user", operational, "4103", context, "user.name", "~ann");
    row("context stays", operational, "4103", R"("ContextInfo":"a = b")",
        "winlog.event_data.ContextInfo", "a = b");
    constexpr const char* engine =
        R"("Data":{"#text":["Available","None","NewEngineState=Available\n\tHostApplication=p -x"]})";
    row("unnamed data", "Windows PowerShell", "400", engine, "winlog.event_data.param2", "None");
    row("engine", "Windows PowerShell", "400", engine, "powershell.engine.new_state", "Available");
    row("engine's command", "Windows PowerShell", "400", engine, "process.args", "~p|-x");
    row("engine start", "Windows PowerShell", "400", engine, "event.type", "~start");
}

void TestWindowsMapping::powershellFields()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    QCOMPARE(fromStd(mapped(event.toStdString(), field.toStdString())), value);
}

void TestWindowsMapping::shapes_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");

    const auto row = [](const char* name, const char* event, const char* field, const char* value) {
        QTest::newRow(name) << QByteArray(event) << QByteArray(field) << QByteArray(value);
    };
    constexpr const char* nxlog =
        R"({"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"H",)"
        R"("SourceName":"Microsoft-Windows-Sysmon","ProcessId":"7","ExecutionProcessID":3500,)"
        R"("ThreadID":4,"RecordNumber":12,"UserID":"S-1-5-18","EventType":"INFO","Severity":"INFO",)"
        R"("Keywords":-9223372036854775808,"Message":"m","Image":"C:\\a.exe","port":6,)"
        R"("EventTime":"2020-06-09 22:50:54","EventReceivedTime":"2020-06-09 22:50:56",)"
        R"("@timestamp":"2020-06-10T02:50:56.537Z","UtcTime":"2020-06-10 02:50:54.631",)"
        R"("AccountName":"SYSTEM","Domain":"NT AUTHORITY"})";
    row("flat: actor", nxlog, "process.pid", "7");
    row("flat: logger", nxlog, "winlog.process.pid", "3500");
    row("flat: time", nxlog, "@timestamp", "2020-06-10T02:50:54.631Z");
    row("flat: message", nxlog, "message", "m");
    row("flat: host", nxlog, "host.name", "H");
    row("flat: record", nxlog, "winlog.record_id", "12");
    row("flat: user", nxlog, "winlog.user.name", "SYSTEM");
    row("flat: collector's", nxlog, "nxlog.port", "6");
    row("flat: level", nxlog, "log.level", "~information");
    constexpr const char* flatSecurity =
        R"({"EventID":5156,"Channel":"security","SourceName":"Microsoft-Windows-Security-Auditing",)"
        R"("Hostname":"H","ProcessId":"3216","EventTime":"2020-09-04 03:06:08",)"
        R"("EventReceivedTime":"2020-09-04 03:06:11","@timestamp":"2020-09-04T07:06:11.273Z",)"
        R"("Keywords":-9214364837600034816,"EventType":"AUDIT_SUCCESS"})";
    row("flat: local time", flatSecurity, "@timestamp", "~2020-09-04T07:06:08.000Z");
    row("flat: lower-case channel", flatSecurity, "event.category", "~network");
    row("flat: renamed pid", flatSecurity, "process.pid", "3216");
    row("flat: outcome", flatSecurity, "event.outcome", "~success");
    row("flat: registry's EventType",
        R"({"EventID":12,"Channel":"Microsoft-Windows-Sysmon/Operational","EventType":"CreateKey",)"
        R"("SourceName":"x","EventTypeOrignal":"INFO"})",
        "winlog.event_data.EventType", "CreateKey");
    row("flat without channel",
        R"({"EventId":18,"UtcTime":"2018-12-04 00:42:45.727","PipeName":"\\srvsvc",)"
        R"("ProcessGuid":"{9C977984-B2FD-5C05-0000-0010974F0300}"})",
        "process.entity_id", "{9c977984-b2fd-5c05-0000-0010974f0300}");
    constexpr const char* beat6 =
        R"({"@timestamp":"2019-04-03T17:40:43.764Z","event_id":4703,"log_name":"Security",)"
        R"("source_name":"Microsoft-Windows-Security-Auditing","computer_name":"HFDC01",)"
        R"("host":{"name":"WECserver"},"keywords":["Audit Success"],"record_number":"8",)"
        R"("process_id":4,"thread_id":9,"level":"Information",)"
        R"("event_data":{"ProcessId":"0x39c","ProcessName":"C:\\s.exe","SubjectUserName":"u"}})";
    row("beat 6: host", beat6, "host.name", "HFDC01");
    row("beat 6: collector", beat6, "observer.hostname", "WECserver");
    row("beat 6: process", beat6, "process.pid", "924");
    row("beat 6: logger", beat6, "winlog.process.pid", "4");
    row("beat 6: time", beat6, "@timestamp", "2019-04-03T17:40:43.764Z");
    row("beat 6: outcome", beat6, "event.outcome", "~success");
    row("beat 6: code", beat6, "event.code", "4703");
    constexpr const char* raw =
        R"({"@timestamp":"2020-05-05T14:57:44.711Z","event":{"code":1,"kind":"event"},)"
        R"("winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":1,)"
        R"("computer_name":"v","event_data":{"UtcTime":"2020-05-05 14:57:44.700",)"
        R"("Image":"C:\\a.exe","ProcessId":"9"}},"host":{"name":"v"}})";
    row("beat 7 raw: process", raw, "process.name", "~a.exe");
    row("beat 7 raw: time", raw, "@timestamp", "2020-05-05T14:57:44.700Z");
    row("beat 7 raw: moved", raw, "winlog.event_data.Image", "");
    constexpr const char* ready =
        R"({"@timestamp":"2020-05-05T14:57:44.711Z","event":{"category":["process"]},)"
        R"("process":{"entity_id":"x"},"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational",)"
        R"("event_id":"1","event_data":{"Image":"C:\\a.exe"}}})";
    row("beat 8 mapped stays", ready, "process.name", "");
    row("beat 8 mapped data", ready, "winlog.event_data.Image", "C:\\a.exe");
    row("beat 8 time", ready, "@timestamp", "2020-05-05T14:57:44.711Z");
    constexpr const char* sentinel =
        R"({"Type":"WindowsEvent","Computer":"c","Channel":"Microsoft-Windows-Sysmon/Operational",)"
        R"("Provider":"Microsoft-Windows-Sysmon","EventID":1,"TimeGenerated":"2022-01-02T03:04:05Z",)"
        R"("EventData":"{\"Image\":\"C:\\\\a.exe\",\"ProcessId\":7,)"
        R"(\"UtcTime\":\"2022-01-02T03:04:04.1234567Z\"}"})";
    row("sentinel: process", sentinel, "process.name", "~a.exe");
    row("sentinel: pid", sentinel, "process.pid", "7");
    row("sentinel: host", sentinel, "host.name", "c");
    row("sentinel: time", sentinel, "@timestamp", "2022-01-02T03:04:04.123456700Z");
    row("evtx_dump: qualified id",
        R"({"Event":{"System":{"Channel":"Security","EventID":{"#text":4688,)"
        R"("#attributes":{"Qualifiers":0}}},"EventData":null}})",
        "event.code", "4688");
    row("evtx_dump: user data",
        R"({"Event":{"System":{"Channel":"Security","EventID":1102,)"
        R"("Provider":{"#attributes":{"Name":"Microsoft-Windows-Eventlog"}}},)"
        R"("UserData":{"LogFileCleared":{"SubjectUserName":"bob"}}}})",
        "user.name", "bob");
}

void TestWindowsMapping::shapes()
{
    QFETCH(QByteArray, event);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    QCOMPARE(fromStd(mapped(event.toStdString(), field.toStdString())), value);
}

void TestWindowsMapping::timesAreTheEvents()
{
    const auto read =
        ingest::testing::readText(sysmonEvent("1", R"("UtcTime":"2025-12-06 21:11:02.632")"));
    const auto expected = parseIsoTimestamp("2025-12-06T21:11:02.632Z");
    QVERIFY(expected.has_value());
    QCOMPARE(qint64{ingest::testing::timeOf(*read.source, 0)}, qint64{expected->nanoseconds()});
}

void TestWindowsMapping::libraryOnlyWhereAskedFor()
{
    const std::string event = sysmonEvent("7", R"("ImageLoaded":"C:\\x.dll")");
    QCOMPARE(fromStd(mappedText(event, "event.category")), QByteArray("process"));
    ingest::ImportOptions options;
    options.libraryAlias = true;
    QCOMPARE(fromStd(mappedText(event, "event.category", options)), QByteArray("process|library"));
    QCOMPARE(fromStd(mappedText(sysmonEvent("1", ""), "event.category", options)),
             QByteArray("process"));
}

void TestWindowsMapping::withoutMappingNothingIsRenamed()
{
    ingest::ImportOptions options;
    options.map = false;
    const std::string event = R"({"EventID":1,"Channel":"Security"})";
    QCOMPARE(fromStd(mapped(event, "EventID", options)), QByteArray("1"));
    QCOMPARE(fromStd(mapped(event, "event.code", options)), QByteArray());
    options = {};
    options.derive = false;
    QCOMPARE(fromStd(mapped(event, "EventID", options)), QByteArray("1"));
}

void TestWindowsMapping::unmappedFieldsAreCounted()
{
    const auto read =
        ingest::testing::readText(sysmonEvent("1", R"("Strange":"x","Image":"C:\\a.exe")") + "\n"
                                  + sysmonEvent("1", R"("Strange":"y")"));
    const ingest::FileReport& report = read.report.files.front();
    QCOMPARE(report.content.unmapped.at("Event.EventData.Strange"), std::uint64_t{2});
    QVERIFY(!report.content.unmapped.contains("Event.EventData.Image"));
    QCOMPARE(report.content.shapes.at("Windows event log"), std::uint64_t{2});
    QCOMPARE(report.content.categories.at("process"), std::uint64_t{2});
    const std::string text = ingest::formatReport(read.report, 10);
    QVERIFY(text.find("read as Windows event log 2") != std::string::npos);
    QVERIFY(text.find("Event.EventData.Strange 2") != std::string::npos);
    QVERIFY(ingest::reportJson(read.report).find(R"("categories":{"process":2})")
            != std::string::npos);
}

QTEST_GUILESS_MAIN(TestWindowsMapping)
#include "tst_windows_mapping.moc"
