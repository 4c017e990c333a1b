#pragma once

#include "core/base/diagnostic.h"

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace sequela::casefile {

/// A prepared statement that its connection keeps for the next time. Resets itself when it goes.
class Statement {
public:
    Statement(sqlite3* database, sqlite3_stmt* handle) : m_database(database), m_handle(handle) {}
    Statement(Statement&& other) noexcept
        : m_database(other.m_database), m_handle(std::exchange(other.m_handle, nullptr))
    {
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    /// Parameters count from 1. Texts and blobs must outlive the step.
    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::uint64_t value)
    {
        return bind(parameter, static_cast<std::int64_t>(value));
    }
    Statement& bind(int parameter, std::uint32_t value)
    {
        return bind(parameter, static_cast<std::int64_t>(value));
    }
    Statement& bind(int parameter, std::int32_t value)
    {
        return bind(parameter, static_cast<std::int64_t>(value));
    }
    Statement& bind(int parameter, std::string_view text);
    Statement& bindBlob(int parameter, std::string_view bytes);
    Statement& bindNull(int parameter);
    /// NULL for `schema::noTime`.
    Statement& bindTime(int parameter, std::int64_t time);

    /// Whether there is a row now.
    [[nodiscard]] Result<bool> step();
    /// Steps to the end, for statements without rows, and makes ready for the next use.
    [[nodiscard]] Result<void> run();

    /// Columns count from 0. NULL reads as 0 and empty; views hold until the next step.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::uint64_t natural(int column) const;
    [[nodiscard]] std::int64_t time(int column) const;
    [[nodiscard]] std::string_view view(int column) const;
    [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
    [[nodiscard]] bool isNull(int column) const;

    [[nodiscard]] sqlite3_stmt* handle() const { return m_handle; }

private:
    sqlite3* m_database;
    sqlite3_stmt* m_handle;
};

/// One SQLite connection, set up for files from strangers. Used by one thread at a time.
class Connection {
public:
    enum class Mode : std::uint8_t {
        ReadWrite,
        ReadOnly,
        /// Read-only media: nothing is locked or looked for beside the file.
        Immutable,
    };

    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& path,
                                                                  Mode mode);
    [[nodiscard]] static Result<std::unique_ptr<Connection>> inMemory();
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Runs statements without parameters or results.
    [[nodiscard]] Result<void> execute(const char* sql);
    /// @p sql must be a literal: its address is the key under which the statement is kept.
    [[nodiscard]] Result<Statement> prepare(const char* sql);
    /// First column of the first row, 0 if there is none.
    [[nodiscard]] Result<std::int64_t> integer(const char* sql);
    [[nodiscard]] Result<std::string> text(const char* sql);
    /// Finalizes and closes; an error leaves the connection open.
    [[nodiscard]] Result<void> close();
    /// How long a statement waits for another connection's lock before it is `case-locked`.
    void setPatience(std::chrono::milliseconds patience) const;
    /// Makes the statement under way in another thread return `cancelledError()`.
    void interrupt() { sqlite3_interrupt(m_handle); }
    [[nodiscard]] sqlite3* handle() const { return m_handle; }

private:
    explicit Connection(std::string name) : m_name(std::move(name)) {}
    [[nodiscard]] static Result<std::unique_ptr<Connection>> openAs(const std::string& name,
                                                                    int flags);

    std::string m_name;
    sqlite3* m_handle = nullptr;
    std::unordered_map<const char*, sqlite3_stmt*> m_statements;
};

/// The Diagnostic for the connection's last error.
[[nodiscard]] Diagnostic databaseError(sqlite3* database, int code);

/// Everything between begin and commit, or nothing.
class Transaction {
public:
    [[nodiscard]] static Result<Transaction> begin(Connection& connection);
    /// A consistent view over several reads.
    [[nodiscard]] static Result<Transaction> beginReading(Connection& connection);
    Transaction(Transaction&& other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr))
    {
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

/// Ends what the connection does when a stop is requested.
class InterruptOnStop {
public:
    InterruptOnStop(std::stop_token stop, Connection& connection)
        : m_callback(std::move(stop), Interrupt{&connection})
    {
    }

private:
    struct Interrupt {
        Connection* connection;
        void operator()() const { connection->interrupt(); }
    };
    std::stop_callback<Interrupt> m_callback;
};

} // namespace sequela::casefile
