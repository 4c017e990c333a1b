#pragma once

#include <string>
#include <string_view>

namespace sequela::ingest {

/// `1604996384.965:93777` of `msg=audit(1604996384.965:93777):`; empty if the line has none.
[[nodiscard]] std::string_view auditSerial(std::string_view line);

/// The lines of one audit event as a JSON document: `{"audit":{"time":…,"serial":…,"node":…,
/// "syscall":{…},"execve":{"argc":…,"args":[…]},"cwd":{…},"path":[{…}],"proctitle":…}}`.
/// Hexadecimal values of the fields that the kernel writes so are decoded. Empty if no line is a
/// record.
[[nodiscard]] std::string auditJson(std::string_view lines);

} // namespace sequela::ingest
