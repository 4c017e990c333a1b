#pragma once

#include "core/casefile/case_file.h"
#include "core/casefile/case_storage.h"
#include "core/casefile/database.h"
#include "core/casefile/lock_file.h"

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sequela::casefile {

/// What is numbered next; taken back when a transaction fails.
struct Numbering {
    std::uint32_t event = 0;
    std::uint32_t segment = 0;
    std::uint32_t source = 0;
    std::uint32_t columnRevision = 0;
};

struct CaseFile::State {
    std::filesystem::path path;
    bool readOnly = false;
    std::filesystem::path migrationBackup;
    std::shared_ptr<CaseStorage> storage;

    mutable std::mutex writeMutex;
    bool closed = false;
    LockFile lock;
    /// Null while read-only or closed.
    std::unique_ptr<Connection> writer;
    Numbering next;
    std::unordered_map<std::string, std::uint32_t> fieldIds;
    /// Fields that the transaction under way added.
    std::vector<std::string> newFields;

    [[nodiscard]] Result<void> openWriter();
    [[nodiscard]] Result<void> loadNumbering();
    [[nodiscard]] Result<std::uint32_t> fieldId(const std::string& name);
    [[nodiscard]] Diagnostic cannotWrite() const;

    /// Runs @p work(connection) as one transaction; its error, or that of the commit, undoes all.
    template <typename Work>
    [[nodiscard]] auto write(const Work& work) -> decltype(work(std::declval<Connection&>()))
    {
        const std::scoped_lock guard(writeMutex);
        if (!writer) {
            return std::unexpected(cannotWrite());
        }
        auto transaction = Transaction::begin(*writer);
        if (!transaction) {
            return std::unexpected(std::move(transaction).error());
        }
        const Numbering before = next;
        newFields.clear();
        auto result = work(*writer);
        if (result) {
            if (auto committed = transaction->commit(); !committed) {
                result = std::unexpected(std::move(committed).error());
            }
        }
        if (!result) {
            next = before;
            for (const std::string& name : newFields) {
                fieldIds.erase(name);
            }
        }
        return result;
    }

    /// Calls @p take(row) for every row of a query on a connection of its own. @p bind(statement)
    /// fills parameters.
    template <typename Bind, typename Take>
    [[nodiscard]] Result<void> read(const char* sql, const Bind& bind, const Take& take,
                                    std::stop_token stop = {}) const
    {
        auto lease = storage->lease();
        if (!lease) {
            return std::unexpected(std::move(lease).error());
        }
        const InterruptOnStop interrupt(stop, **lease);
        auto rows = (*lease)->prepare(sql);
        if (!rows) {
            return std::unexpected(std::move(rows).error());
        }
        bind(*rows);
        for (;;) {
            // An interrupt only ends a step that is under way.
            if (stop.stop_requested()) {
                return std::unexpected(cancelledError());
            }
            const auto row = rows->step();
            if (!row) {
                return std::unexpected(row.error());
            }
            if (!*row) {
                return {};
            }
            take(std::as_const(*rows));
        }
    }
};

/// For queries without parameters.
inline constexpr auto noParameters = [](Statement&) {};

} // namespace sequela::casefile
