#include "core/ingest/source_walker.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace sequela::ingest {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr std::size_t packingBytes = 512;

ProblemKind kindOf(const Diagnostic& diagnostic)
{
    if (diagnostic.code == "ingest-damaged-archive") {
        return ProblemKind::DamagedArchive;
    }
    if (diagnostic.code == "ingest-encrypted") {
        return ProblemKind::Encrypted;
    }
    if (diagnostic.code == "ingest-archive-limit") {
        return ProblemKind::ArchiveLimit;
    }
    return ProblemKind::Unreadable;
}

std::string sentence(const Diagnostic& diagnostic)
{
    return diagnostic.hint.empty() ? diagnostic.message
                                   : fmt::format("{} ({})", diagnostic.message, diagnostic.hint);
}

/// Hash of the first bytes of a source; empty if it has fewer.
std::string hashOf(ByteSource& source, std::uint64_t byteCount)
{
    constexpr std::size_t blockBytes = std::size_t{1} << 20U;
    std::string buffer(blockBytes, '\0');
    Sha256 hash;
    while (byteCount > 0) {
        const std::size_t wanted = std::min<std::uint64_t>(byteCount, blockBytes);
        auto count = source.read(std::span(buffer).first(wanted));
        if (!count || *count == 0) {
            return {};
        }
        hash.update({buffer.data(), *count});
        byteCount -= *count;
    }
    return toHex(hash.digest());
}

std::string hashOfFile(const std::string& path, std::uint64_t byteCount)
{
    auto file = FileSource::open(path, {});
    return file ? hashOf(**file, byteCount) : std::string();
}

std::string joined(std::string_view outer, std::string_view inner)
{
    return outer.empty() ? std::string(inner) : fmt::format("{}!/{}", outer, inner);
}

} // namespace

bool isLitter(std::string_view path)
{
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
        if (part == "__MACOSX"sv || part == "Thumbs.db"sv || part == "desktop.ini"sv
            || (part.starts_with('.') && part != "."sv && part != ".."sv)) {
            return true;
        }
    }
    return false;
}

std::shared_ptr<SourceUnderway> SourceWalker::addReport(const std::string& path,
                                                        const std::string& member)
{
    auto underway = std::make_shared<SourceUnderway>(m_options.limits);
    underway->report.path = path;
    underway->report.member = member;
    underway->report.inputIndex = m_inputIndex;
    m_sources.push_back(underway);
    return underway;
}

void SourceWalker::addNotice(const std::string& path, const std::string& member,
                             FileOutcome outcome, ProblemKind kind, const Diagnostic& why)
{
    auto underway = addReport(path, member);
    underway->report.outcome = outcome;
    underway->problems.addCounted(kind, 1, sentence(why));
    underway->report.problems = underway->problems.kept();
    underway->report.problemCounts = underway->problems.counts();
}

// -- planning

void SourceWalker::plan(const Input& input)
{
    if (input.text || input.path == "-") {
        m_planned.push_back({.input = &input,
                             .path = input.path,
                             .size = input.text ? input.text->size() : 0,
                             .inputIndex = m_inputIndex});
        return;
    }
    std::error_code error;
    const fs::file_status status = fs::status(input.path, error);
    if (fs::is_directory(status)) {
        planFolder(input.path, 1);
        return;
    }
    const std::uint64_t size = fs::is_regular_file(status) ? fs::file_size(input.path, error) : 0;
    m_planned.push_back(
        {.input = &input, .path = input.path, .size = size, .inputIndex = m_inputIndex});
}

void SourceWalker::planFolder(const std::string& path, std::size_t depth)
{
    if (depth > m_options.limits.folderDepth) {
        addNotice(path, {}, FileOutcome::Failed, ProblemKind::ArchiveLimit,
                  makeError("ingest-archive-limit",
                            "folders lie deeper in one another than they are followed",
                            "import the inner folder by itself"));
        return;
    }
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
        entries.push_back(*it);
    }
    if (error) {
        addNotice(path, {}, FileOutcome::Failed, ProblemKind::Unreadable,
                  makeError("ingest-unreadable",
                            fmt::format("the folder cannot be read: {}", error.message()),
                            "check its path and permissions"));
    }
    std::ranges::sort(entries, {},
                      [](const fs::directory_entry& entry) { return entry.path().native(); });
    for (const fs::directory_entry& entry : entries) {
        const std::string name = entry.path().native();
        const fs::file_status status = entry.symlink_status(error);
        const auto skip = [&](std::string_view why) {
            addNotice(name, {}, FileOutcome::Skipped, ProblemKind::SkippedFile,
                      makeError("ingest-skipped-file", std::string(why)));
        };
        if (isLitter(entry.path().filename().native())) {
            skip("hidden or left by a system, no evidence by its name");
        } else if (fs::is_symlink(status)) {
            skip("a link in a folder is not followed; name it to import what it leads to");
        } else if (fs::is_directory(status)) {
            planFolder(name, depth + 1);
        } else if (fs::is_regular_file(status)) {
            m_planned.push_back(
                {.path = name, .size = entry.file_size(error), .inputIndex = m_inputIndex});
        } else {
            skip("a device, pipe or socket in a folder is not read");
        }
    }
}

void SourceWalker::run()
{
    for (const Input& input : m_inputs) {
        plan(input);
        ++m_inputIndex;
    }
    std::uint64_t total = 0;
    for (const Planned& planned : m_planned) {
        total += planned.size;
    }
    if (m_progress != nullptr) {
        m_progress->setTotal(total);
    }
    std::uint64_t before = m_progress != nullptr ? m_progress->done() : 0;
    for (const Planned& planned : m_planned) {
        if (m_pipeline.shouldStop()) {
            return;
        }
        if (m_progress != nullptr) {
            m_progress->setLabel(planned.path);
        }
        m_inputIndex = planned.inputIndex;
        readPlanned(planned);
        before += planned.size;
        if (m_progress != nullptr && planned.size > 0) {
            m_progress->setDone(before);
        }
    }
}

// -- one file

bool SourceWalker::skipKnown(OpenFile& file, const std::function<std::string()>& hash)
{
    if (!m_pipeline.sink().mayKnowFile(file.size)) {
        return false;
    }
    file.sha256Hex = hash();
    auto known = m_pipeline.sink().isKnownFile(file.sha256Hex, file.size);
    if (!known) {
        m_pipeline.abort(std::move(known).error());
        return true;
    }
    if (*known) {
        addNotice(file.path, {}, FileOutcome::AlreadyThere, ProblemKind::Duplicate,
                  makeError("ingest-duplicate", "the same file is there already"));
        m_sources.back()->report.sha256Hex = file.sha256Hex;
        m_sources.back()->report.fileBytes = file.size;
        return true;
    }
    return false;
}

void SourceWalker::readPlanned(const Planned& planned)
{
    OpenFile file{.path = planned.path,
                  .size = planned.size,
                  .sha256Hex = {},
                  .prefixHash = {},
                  .pending = {}};
    // With a password more of an archive may come out than last time.
    const auto mayHoldMore = [&](std::string_view begin) {
        return !m_options.archivePasswords.empty() && recognisePacking(begin) != Packing::None;
    };
    if (planned.input != nullptr && planned.input->text) {
        const std::string& text = *planned.input->text;
        file.sha256Hex = toHex(sha256(text));
        if (mayHoldMore(std::string_view(text).substr(0, packingBytes))
            || !skipKnown(file, [&] { return file.sha256Hex; })) {
            auto source = std::make_unique<TextSource>(text);
            file.seekable = source.get();
            readOpened(file, std::move(source));
        }
        return;
    }
    if (planned.path == "-") {
        readOpened(file, FileSource::standardInput(m_pipeline.stopToken()));
        return;
    }
    auto opened = FileSource::open(planned.path, m_pipeline.stopToken());
    if (!opened) {
        addNotice(planned.path, {}, FileOutcome::Failed, ProblemKind::Unreadable, opened.error());
        return;
    }
    const std::uint64_t size = (*opened)->size();
    file.size = size;
    if (size == 0) {
        readOpened(file, std::move(*opened));
        return;
    }
    // The hash tells packed files from the start; of plain ones it is made while they are read.
    const auto hash = [&] { return hashOfFile(planned.path, size); };
    std::string head(packingBytes, '\0');
    head.resize((*opened)->read(head).value_or(0));
    if (!(*opened)->seek(0)) {
        return;
    }
    if (!mayHoldMore(head) && skipKnown(file, hash)) {
        return;
    }
    if (recognisePacking(head) != Packing::None) {
        if (file.sha256Hex.empty()) {
            file.sha256Hex = hash();
        }
        file.seekable = opened->get();
    } else {
        file.sha256Hex.clear();
        file.prefixHash = [path = planned.path](std::uint64_t count) {
            return hashOfFile(path, count);
        };
    }
    readOpened(file, std::move(*opened));
}

void SourceWalker::readOpened(OpenFile& file, std::unique_ptr<ByteSource> raw)
{
    auto hashing = std::make_unique<HashingSource>(std::move(raw), m_progress);
    file.hashing = hashing.get();
    const std::size_t before = m_sources.size();
    readContent(file, std::make_unique<LentSource>(*hashing), {}, {});
    if (file.sha256Hex.empty() && !m_pipeline.shouldStop()) {
        // Bytes behind the content belong to the file as well.
        if (hashing->drain()) {
            file.sha256Hex = hashing->hashHex();
        }
        if (file.size == 0) {
            file.size = hashing->bytes();
        }
    }
    for (std::size_t i = before; i < m_sources.size(); ++i) {
        if (m_sources[i]->report.outcome == FileOutcome::Failed
            && m_sources[i]->report.sha256Hex.empty()) {
            m_sources[i]->report.sha256Hex = file.sha256Hex;
        }
    }
    finishFile(file);
}

void SourceWalker::finishFile(OpenFile& file)
{
    for (const auto& source : file.pending) {
        source->ending.sha256Hex = file.sha256Hex;
        if (!m_pipeline.pushEnd(source)) {
            return;
        }
    }
}

// -- content

void SourceWalker::readContent(OpenFile& file, std::unique_ptr<ByteSource> source,
                               const std::string& member, const Depth& depth)
{
    auto peek = std::make_unique<PeekSource>(std::move(source));
    const std::string_view head = peek->peek(packingBytes);
    if (head.empty() && peek->error() != nullptr) {
        // Not a byte came out: a wrong password, a damaged beginning.
        if (!isCancelled(*peek->error())) {
            addNotice(file.path, member, FileOutcome::Failed, kindOf(*peek->error()),
                      *peek->error());
        }
        return;
    }
    const Packing packing = recognisePacking(head);
    if (packing == Packing::None) {
        readText(file, *peek, member, depth);
        return;
    }
    const std::string packed = depth.packing.empty()
                                   ? std::string(packingName(packing))
                                   : fmt::format("{}, {}", depth.packing, packingName(packing));
    if (isArchive(packing)) {
        readArchive(file, std::move(peek), packing, member,
                    {.archives = depth.archives + 1,
                     .compressions = depth.compressions,
                     .packing = packed});
        return;
    }
    if (depth.compressions >= m_options.limits.compressionDepth) {
        addNotice(file.path, member, FileOutcome::Failed, ProblemKind::ArchiveLimit,
                  makeError("ingest-archive-limit", "is compressed more often than is unpacked",
                            "unpack it yourself"));
        return;
    }
    readContent(
        file, decompress(std::move(peek), packing, m_options.limits), member,
        {.archives = depth.archives, .compressions = depth.compressions + 1, .packing = packed});
}

void SourceWalker::readArchive(OpenFile& file, std::unique_ptr<ByteSource> source, Packing packing,
                               const std::string& member, const Depth& depth)
{
    const auto notice = [&](const Diagnostic& why, FileOutcome outcome) {
        addNotice(file.path, member, outcome, kindOf(why), why);
        m_sources.back()->report.format = std::string(packingName(packing));
        m_sources.back()->report.fileBytes = file.size;
    };
    if (depth.archives > m_options.limits.archiveDepth) {
        notice(makeError("ingest-archive-limit",
                         "lies deeper in other archives than archives are followed",
                         "unpack it yourself and import what it holds"),
               FileOutcome::Failed);
        return;
    }
    const bool isTheFile = depth.archives == 1 && depth.compressions == 0;
    SeekableSource* seekable = isTheFile ? file.seekable : nullptr;
    if (seekable != nullptr && seekable->seek(0)) {
        source = std::make_unique<LentSource>(*seekable);
    } else if (needsSeeking(packing)) {
        std::optional<Diagnostic> brokenOff;
        auto spooled = FileSource::spool(*source, m_options.limits.spooledBytes, brokenOff);
        if (!spooled) {
            notice(spooled.error(), FileOutcome::Failed);
            return;
        }
        if (brokenOff) {
            notice(*brokenOff, FileOutcome::Partial);
        }
        seekable = spooled->get();
        source = std::move(*spooled);
    }
    auto reader = openArchive(std::move(source), seekable, packing, m_options.limits,
                              m_options.archivePasswords);
    if (!reader) {
        notice(reader.error(), FileOutcome::Failed);
        return;
    }
    bool hasFiles = false;
    while (!m_pipeline.shouldStop()) {
        auto found = (*reader)->next();
        if (!found) {
            notice(found.error(), hasFiles ? FileOutcome::Partial : FileOutcome::Failed);
            return;
        }
        if (!*found) {
            break;
        }
        if ((*found)->isFile) {
            hasFiles = true;
            readMember(file, **reader, **found, member, depth);
        }
    }
    if (!hasFiles && !m_pipeline.shouldStop()) {
        addNotice(file.path, member, FileOutcome::Read, ProblemKind::Empty,
                  makeError("ingest-empty", "the archive holds no files"));
    }
}

void SourceWalker::readMember(OpenFile& file, ArchiveReader& reader, const ArchiveMember& found,
                              const std::string& member, const Depth& depth)
{
    const std::string path = joined(member, found.path);
    if (isLitter(found.path)) {
        addNotice(file.path, path, FileOutcome::Skipped, ProblemKind::SkippedFile,
                  makeError("ingest-skipped-file",
                            "hidden or left by a system, no evidence by its name"));
        return;
    }
    if (found.isEncrypted && m_options.archivePasswords.empty()) {
        addNotice(file.path, path, FileOutcome::Failed, ProblemKind::Encrypted,
                  makeError("ingest-encrypted", "is encrypted",
                            "give its password, or unpack it and import the result"));
        return;
    }
    readContent(file, std::make_unique<MemberSource>(reader), path, depth);
}

bool SourceWalker::beginSource(OpenFile& file, SourceUnderway& underway)
{
    const FileReport& report = underway.report;
    auto plan = m_pipeline.sink().begin({.path = report.path,
                                         .member = report.member,
                                         .sha256Hex = file.sha256Hex,
                                         .sizeBytes = file.size,
                                         .format = report.format,
                                         .formatReason = report.formatReason,
                                         .derive = m_options.derive,
                                         .prefixHash = file.prefixHash});
    if (!plan) {
        m_pipeline.abort(std::move(plan).error());
        return false;
    }
    underway.plan = *plan;
    return true;
}

void SourceWalker::readText(OpenFile& file, PeekSource& source, const std::string& member,
                            const Depth& depth)
{
    std::string_view head = source.peek(recognitionBytes);
    const bool isLittle = head.starts_with("\xff\xfe"sv);
    const Utf16Source* utf16 = nullptr;
    std::unique_ptr<PeekSource> converted;
    if (isLittle || head.starts_with("\xfe\xff"sv)) {
        source.skip(2);
        auto decoded =
            std::make_unique<Utf16Source>(std::make_unique<LentSource>(source), !isLittle);
        utf16 = decoded.get();
        converted = std::make_unique<PeekSource>(std::move(decoded));
    } else if (head.starts_with("\xef\xbb\xbf"sv)) {
        source.skip(3);
    }
    PeekSource& text = converted != nullptr ? *converted : source;
    head = text.peek(recognitionBytes);
    const Recognition recognition = recogniseFormat(head, head.size() < recognitionBytes);
    auto underway = addReport(file.path, member);
    FileReport& report = underway->report;
    report.format = recognition.name + (utf16 != nullptr ? " (UTF-16)" : "");
    report.formatReason = depth.packing.empty() ? recognition.reason
                                                : fmt::format("unpacked from {}; {}", depth.packing,
                                                              recognition.reason);
    report.fileBytes = file.size;
    readDocuments(file, text, underway, recognition.kind, utf16);
}

void SourceWalker::readDocuments(OpenFile& file, ByteSource& source,
                                 const std::shared_ptr<SourceUnderway>& underway, FormatKind kind,
                                 const Utf16Source* utf16)
{
    if (!beginSource(file, *underway)) {
        return;
    }
    file.pending.push_back(underway);
    auto reader = makeReader(kind, source, m_options.limits);
    if (reader == nullptr) {
        auto batch = m_pipeline.takeBatch();
        *batch = {};
        if (kind == FormatKind::Empty) {
            batch->problems.addCounted(ProblemKind::Empty, 1, "the file is empty");
        } else {
            batch->problems.addCounted(ProblemKind::UnknownFormat, 1,
                                       fmt::format("{} cannot be read ({})",
                                                   underway->report.format,
                                                   underway->report.formatReason));
            underway->ending.outcome = FileOutcome::Failed;
        }
        static_cast<void>(m_pipeline.push(underway, std::move(batch), {}));
        return;
    }
    bool more = true;
    while (more && !m_pipeline.shouldStop()) {
        auto batch = m_pipeline.takeBatch();
        auto filled = reader->fill(*batch);
        more = filled.value_or(false);
        if (!filled) {
            if (isCancelled(filled.error())) {
                return;
            }
            batch->problems.addCounted(kindOf(filled.error()), 1, sentence(filled.error()));
            underway->ending.outcome = FileOutcome::Partial;
        }
        if (!more && utf16 != nullptr) {
            batch->problems.addCounted(ProblemKind::LoneSurrogate, utf16->replacedCount(),
                                       "unpaired UTF-16 units were replaced by U+FFFD");
        }
        std::string prefixHash;
        if (file.prefixHash && file.hashing != nullptr) {
            // The hash covers all that was read of the file, a little more than the batch.
            batch->bytesConsumed = file.hashing->bytes();
            prefixHash = file.hashing->hashHex();
        }
        if (!m_pipeline.push(underway, std::move(batch), std::move(prefixHash))) {
            return;
        }
    }
    underway->ending.format = std::string(reader->refinedName());
}

} // namespace sequela::ingest
