#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <utility>
#include <vector>

namespace sequela::ingest::testing {

/// Packs members; @p format "zip", "ustar", "raw" (one member), "7zip"; @p filter "gzip", "zstd",
/// "xz", "bzip2" or nothing; @p password encrypts a zip.
inline std::string pack(const char* format, const char* filter,
                        const std::vector<std::pair<std::string, std::string>>& members,
                        const char* password = nullptr)
{
    std::size_t room = 1U << 20U;
    for (const auto& member : members) {
        room += member.second.size() * 2;
    }
    std::string bytes(room, '\0');
    std::size_t used = 0;
    struct archive* writer = archive_write_new();
    archive_write_set_format_by_name(writer, format);
    if (filter != nullptr) {
        archive_write_add_filter_by_name(writer, filter);
    }
    if (password != nullptr) {
        archive_write_set_options(writer, "zip:encryption=aes256");
        archive_write_set_passphrase(writer, password);
    }
    archive_write_set_bytes_in_last_block(writer, 1);
    archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
    for (const auto& [name, text] : members) {
        struct archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(writer, entry);
        archive_write_data(writer, text.data(), text.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    bytes.resize(used);
    return bytes;
}

} // namespace sequela::ingest::testing
