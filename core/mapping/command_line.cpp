#include "core/mapping/command_line.h"

#include "core/mapping/limits.h"

namespace sequela::mapping {
namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

void skipBlanks(std::string_view& line)
{
    while (!line.empty()
           && (isBlank(line.front()) || line.front() == '\n' || line.front() == '\r')) {
        line.remove_prefix(1);
    }
}

/// The program name: no escapes in it.
std::string takeProgram(std::string_view& line)
{
    std::string program;
    if (line.front() == '"') {
        const std::size_t end = line.find('"', 1);
        program = line.substr(1, end == std::string_view::npos ? end : end - 1);
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
        // What follows the quote without a blank still belongs to the name.
    }
    while (!line.empty() && !isBlank(line.front())) {
        program += line.front();
        line.remove_prefix(1);
    }
    return program;
}

std::string takeArgument(std::string_view& line)
{
    std::string argument;
    bool inQuotes = false;
    while (!line.empty() && (inQuotes || !isBlank(line.front()))) {
        std::size_t backslashes = 0;
        while (backslashes < line.size() && line[backslashes] == '\\') {
            ++backslashes;
        }
        if (backslashes < line.size() && line[backslashes] == '"') {
            argument.append(backslashes / 2, '\\');
            line.remove_prefix(backslashes + 1);
            if (backslashes % 2 == 1) {
                argument += '"';
            } else if (inQuotes && line.starts_with('"')) {
                argument += '"';
                line.remove_prefix(1);
            } else {
                inQuotes = !inQuotes;
            }
            continue;
        }
        if (backslashes > 0) {
            argument.append(backslashes, '\\');
            line.remove_prefix(backslashes);
            continue;
        }
        argument += line.front();
        line.remove_prefix(1);
    }
    return argument;
}

std::string takeQuoted(std::string_view& line)
{
    std::string argument;
    bool inQuotes = false;
    while (!line.empty() && (inQuotes || !isBlank(line.front()))) {
        inQuotes = inQuotes != (line.front() == '"');
        argument += line.front();
        line.remove_prefix(1);
    }
    return argument;
}

std::string takePosixWord(std::string_view& line)
{
    std::string word;
    char quote = '\0';
    while (!line.empty()) {
        const char c = line.front();
        if (quote == '\0' && (isBlank(c) || c == '\n')) {
            break;
        }
        line.remove_prefix(1);
        if (c == '\\' && quote != '\'' && !line.empty()) {
            const bool isEscape = quote == '\0' || line.front() == '"' || line.front() == '\\'
                                  || line.front() == '$' || line.front() == '`';
            if (!isEscape) {
                word += c;
            }
            word += line.front();
            line.remove_prefix(1);
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == quote) {
            quote = '\0';
        } else {
            word += c;
        }
    }
    return word;
}

} // namespace

std::vector<std::string> splitWindowsCommandLine(std::string_view line, bool keepsQuotes)
{
    std::vector<std::string> arguments;
    skipBlanks(line);
    while (!line.empty() && arguments.size() < limits::arguments) {
        if (keepsQuotes) {
            arguments.push_back(takeQuoted(line));
        } else {
            arguments.push_back(arguments.empty() ? takeProgram(line) : takeArgument(line));
        }
        skipBlanks(line);
    }
    return arguments;
}

std::vector<std::string> splitPosixCommandLine(std::string_view line)
{
    std::vector<std::string> words;
    skipBlanks(line);
    while (!line.empty() && words.size() < limits::arguments) {
        words.push_back(takePosixWord(line));
        skipBlanks(line);
    }
    return words;
}

} // namespace sequela::mapping
