#include "app/cli/console.h"

#include "core/base/json_writer.h"
#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <pthread.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace sequela::cli {

namespace {

constexpr std::array<int, 3> interruptSignals{SIGINT, SIGTERM, SIGHUP};

std::string errorText(int number)
{
    return std::error_code(number, std::generic_category()).message();
}

/// All bytes or the error number.
int writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return errno;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

Diagnostic outputError(const std::string& file, int number)
{
    return makeError("cli-output", fmt::format("{} could not be written: {}", visibleText(file),
                                               errorText(number)));
}

/// A pipe, a terminal, /dev/null: nothing that could be replaced or left half-written.
bool isDevice(const std::string& file)
{
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    return !error && std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

ExitCode writeDevice(std::string_view text, const std::string& file)
{
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    int failure = descriptor < 0 ? errno : writeAll(descriptor, text);
    if (descriptor >= 0 && ::close(descriptor) != 0 && failure == 0) {
        failure = errno;
    }
    if (failure != 0) {
        sayError(outputError(file, failure));
        return ExitCode::Output;
    }
    return ExitCode::Done;
}

/// Puts a written file under its name. A hard link refuses where the name exists, a rename would
/// replace it; file systems without links get a rename after a look.
int moveIntoPlace(const std::string& from, const std::string& to, bool replace)
{
    if (!replace) {
        if (::link(from.c_str(), to.c_str()) == 0) {
            return 0;
        }
        if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) {
            return errno;
        }
        if (::access(to.c_str(), F_OK) == 0) {
            return EEXIST;
        }
    }
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

/// Writes beside the target and moves into place, so that a reader never sees half a file.
ExitCode writeFile(std::string_view text, const CommonOptions& options)
{
    std::string beside = options.outputFile + ".part-XXXXXX";
    const int descriptor = ::mkstemp(beside.data());
    if (descriptor < 0) {
        sayError(outputError(options.outputFile, errno));
        return ExitCode::Output;
    }
    constexpr mode_t shared = 0666;
    const mode_t mask = ::umask(0);
    ::umask(mask);
    int failure = ::fchmod(descriptor, shared & ~mask) == 0 ? 0 : errno;
    if (failure == 0) {
        failure = writeAll(descriptor, text);
    }
    if (::close(descriptor) != 0 && failure == 0) {
        failure = errno;
    }
    if (failure == 0) {
        failure = moveIntoPlace(beside, options.outputFile, options.force);
    }
    ::unlink(beside.c_str());
    if (failure != 0) {
        sayError(outputError(options.outputFile, failure));
        return ExitCode::Output;
    }
    return ExitCode::Done;
}

std::string progressText(const Progress& progress, std::string_view unit,
                         std::chrono::steady_clock::duration elapsed)
{
    constexpr double percent = 100.0;
    const double seconds = std::chrono::duration<double>(elapsed).count();
    const auto done = static_cast<double>(progress.done());
    const auto total = static_cast<double>(progress.total());
    std::string text = visibleText(progress.label());
    constexpr std::size_t labelColumns = 40;
    if (text.size() > labelColumns) {
        text = "…"
               + text.substr(byteOffsetOfCodePoint(
                   text, countCodePoints(text) - std::min(countCodePoints(text), labelColumns)));
    }
    if (total > 0) {
        text += fmt::format(" {:.0f} %", std::min(done / total, 1.0) * percent);
    }
    text += fmt::format("  {} {}", progress.items(), unit);
    constexpr double secondsBeforeGuess = 2;
    if (total > 0 && done > 0 && done < total && seconds > secondsBeforeGuess) {
        text += fmt::format("  {:.0f} s left", seconds * (total - done) / done);
    }
    return text;
}

} // namespace

Interrupts::Interrupts()
{
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : interruptSignals) {
        sigaddset(&signals, number);
    }
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    m_watcher = std::jthread([this, signals](const std::stop_token& end) {
        for (;;) {
            const int number = sigwaitinfo(&signals, nullptr);
            if (end.stop_requested()) {
                return;
            }
            if (number > 0 && !m_stop.request_stop()) {
                ::_exit(static_cast<int>(ExitCode::Cancelled));
            }
        }
    });
}

Interrupts::~Interrupts()
{
    // Waking the watcher costs nothing; a watcher that polled would hold up the end of every call.
    m_watcher.request_stop();
    pthread_kill(m_watcher.native_handle(), SIGHUP);
}

ProgressLine::ProgressLine(const Progress& progress, std::string_view unit, bool quiet)
{
    if (quiet || ::isatty(STDERR_FILENO) == 0) {
        return;
    }
    m_painter = std::jthread([&progress, unit](const std::stop_token& end) {
        using Clock = std::chrono::steady_clock;
        constexpr auto beat = std::chrono::milliseconds(50);
        constexpr int beatsPerPaint = 4;
        constexpr std::string_view clearLine = "\r\033[K";
        const Clock::time_point start = Clock::now();
        bool painted = false;
        for (int count = 1; !end.stop_requested(); ++count) {
            std::this_thread::sleep_for(beat);
            if (count % beatsPerPaint == 0) {
                say(fmt::format("{}{}", clearLine,
                                progressText(progress, unit, Clock::now() - start)));
                painted = true;
            }
        }
        if (painted) {
            say(clearLine);
        }
    });
}

ProgressLine::~ProgressLine() = default;

bool outputIsTaken(const CommonOptions& options)
{
    if (options.outputFile.empty() || options.outputFile == "-" || options.force) {
        return false;
    }
    std::error_code ignored;
    if (!std::filesystem::exists(options.outputFile, ignored) || isDevice(options.outputFile)) {
        return false;
    }
    sayError(makeError("cli-output-exists",
                       fmt::format("{} exists", visibleText(options.outputFile)),
                       "use --force to replace it"));
    return true;
}

ExitCode writeResult(std::string_view text, const CommonOptions& options)
{
    if (outputIsTaken(options)) {
        return ExitCode::Output;
    }
    if (!options.outputFile.empty() && options.outputFile != "-") {
        return isDevice(options.outputFile) ? writeDevice(text, options.outputFile)
                                            : writeFile(text, options);
    }
    const int failure = writeAll(STDOUT_FILENO, text);
    if (failure == 0) {
        return ExitCode::Done;
    }
    if (failure != EPIPE) {
        sayError(outputError("standard output", failure));
    }
    return ExitCode::Output;
}

void say(std::string_view text)
{
    static_cast<void>(writeAll(STDERR_FILENO, text));
}

void sayDiagnostics(std::span<const Diagnostic> diagnostics)
{
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        text += formatDiagnostic(diagnostic) + "\n";
    }
    say(text);
}

void sayError(const Diagnostic& error)
{
    say("sequela-cli: " + formatDiagnostic(error) + "\n");
}

ExitCode failWith(const Diagnostic& error, ExitCode code)
{
    if (isCancelled(error)) {
        say("sequela-cli: cancelled\n");
        return ExitCode::Cancelled;
    }
    sayError(error);
    return code;
}

std::string diagnosticsJson(std::span<const Diagnostic> diagnostics)
{
    std::string text = "[";
    for (std::size_t index = 0; index < diagnostics.size(); ++index) {
        const Diagnostic& diagnostic = diagnostics[index];
        JsonWriter json;
        json.beginObject();
        json.member("file", diagnostic.file);
        const auto place = [&json](std::string_view lineName, std::string_view columnName,
                                   const std::optional<TextPosition>& position) {
            json.key(lineName);
            position ? json.unsignedInteger(position->line) : json.null();
            json.key(columnName);
            position ? json.unsignedInteger(position->column) : json.null();
        };
        place("line", "column", diagnostic.begin);
        place("end_line", "end_column", diagnostic.end);
        json.member("code", diagnostic.code);
        json.member("severity", severityName(diagnostic.severity));
        json.member("message", diagnostic.message);
        json.member("hint", diagnostic.hint);
        json.endObject();
        text += (index == 0 ? "\n" : ",\n") + json.take();
    }
    return text + (diagnostics.empty() ? "]\n" : "\n]\n");
}

bool hasErrors(std::span<const Diagnostic> diagnostics)
{
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::Error;
    });
}

Result<std::string> readText(const std::string& path)
{
    constexpr std::size_t blockBytes = std::size_t{1} << 16U;
    const bool isStandardInput = path == "-";
    const int descriptor =
        isStandardInput ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const auto failure = [&path] {
        return makeError("cli-input", fmt::format("{} could not be read: {}", visibleText(path),
                                                  errorText(errno)));
    };
    if (descriptor < 0) {
        return std::unexpected(failure());
    }
    std::string text;
    std::string block(blockBytes, '\0');
    while (true) {
        const ssize_t count = ::read(descriptor, block.data(), block.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            Diagnostic error = failure();
            if (!isStandardInput) {
                ::close(descriptor);
            }
            return std::unexpected(std::move(error));
        }
        if (count == 0) {
            break;
        }
        text.append(block.data(), static_cast<std::size_t>(count));
    }
    if (!isStandardInput) {
        ::close(descriptor);
    }
    return text;
}

} // namespace sequela::cli
