#pragma once

#include "core/ingest/archive_reader.h"
#include "core/ingest/byte_source.h"
#include "core/ingest/document_reader.h"
#include "core/ingest/import.h"
#include "core/ingest/pipeline.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sequela::ingest {

/// Goes through inputs, folders, compressions and archives, recognises what lies in them and feeds
/// the pipeline. Lives on the reading thread.
class SourceWalker {
public:
    SourceWalker(std::span<const Input> inputs, const ImportOptions& options, Progress* progress,
                 Pipeline& pipeline)
        : m_inputs(inputs), m_options(options), m_progress(progress), m_pipeline(pipeline)
    {
    }

    void run();
    /// Everything that was met, in order; complete once the pipeline is done.
    [[nodiscard]] const std::vector<std::shared_ptr<SourceUnderway>>& sources() const
    {
        return m_sources;
    }

private:
    /// A file that is to be read.
    struct Planned {
        const Input* input = nullptr;
        std::string path;
        std::uint64_t size = 0;
        /// Index of the input it belongs to.
        std::size_t inputIndex = 0;
    };
    /// The file whose content is being read.
    struct OpenFile {
        std::string path;
        std::uint64_t size = 0;
        /// Known from the start for what is packed; else empty until the end.
        std::string sha256Hex;
        SeekableSource* seekable = nullptr;
        /// Set while the bytes that are hashed are those that are read.
        HashingSource* hashing = nullptr;
        std::function<std::string(std::uint64_t)> prefixHash;
        /// Sources of this file whose end is still to be told.
        std::vector<std::shared_ptr<SourceUnderway>> pending;
    };
    struct Depth {
        std::size_t archives = 0;
        std::size_t compressions = 0;
        /// What the content was unpacked from: "gzip, tar".
        std::string packing;
    };

    void plan(const Input& input);
    void planFolder(const std::string& path, std::size_t depth);
    void readPlanned(const Planned& planned);
    [[nodiscard]] bool skipKnown(OpenFile& file, const std::function<std::string()>& hash);
    void readOpened(OpenFile& file, std::unique_ptr<ByteSource> raw);
    void readContent(OpenFile& file, std::unique_ptr<ByteSource> source, const std::string& member,
                     const Depth& depth);
    void readArchive(OpenFile& file, std::unique_ptr<ByteSource> source, Packing packing,
                     const std::string& member, const Depth& depth);
    void readMember(OpenFile& file, ArchiveReader& reader, const ArchiveMember& found,
                    const std::string& member, const Depth& depth);
    void readText(OpenFile& file, PeekSource& source, const std::string& member,
                  const Depth& depth);
    void readDocuments(OpenFile& file, ByteSource& source,
                       const std::shared_ptr<SourceUnderway>& underway, FormatKind kind,
                       const Utf16Source* utf16);
    [[nodiscard]] bool beginSource(OpenFile& file, SourceUnderway& underway);
    void finishFile(OpenFile& file);

    std::shared_ptr<SourceUnderway> addReport(const std::string& path, const std::string& member);
    /// An entry that says only why nothing was read.
    void addNotice(const std::string& path, const std::string& member, FileOutcome outcome,
                   ProblemKind kind, const Diagnostic& why);

    std::span<const Input> m_inputs;
    const ImportOptions& m_options;
    Progress* m_progress = nullptr;
    Pipeline& m_pipeline;
    std::vector<Planned> m_planned;
    /// Input that is being planned or read.
    std::size_t m_inputIndex = 0;
    std::vector<std::shared_ptr<SourceUnderway>> m_sources;
};

/// Whether a name is litter that systems leave (`._x`, `.DS_Store`, `__MACOSX`, hidden files).
[[nodiscard]] bool isLitter(std::string_view path);

} // namespace sequela::ingest
