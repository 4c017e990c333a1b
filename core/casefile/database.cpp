#include "core/casefile/database.h"

#include "core/casefile/limits.h"
#include "core/schema/column.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace sequela::casefile {

namespace {

bool isDiskFull(int code, int systemError)
{
    return (code & 0xFF) == SQLITE_FULL
           || ((code & 0xFF) == SQLITE_IOERR
               && (systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG));
}

/// A path as a URI that SQLite reads back to the same bytes.
std::string asUri(const std::filesystem::path& path)
{
    std::string uri = "file:";
    for (const char byte : path.string()) {
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
                           || (byte >= '0' && byte <= '9') || std::strchr("/._-", byte) != nullptr;
        uri +=
            plain ? std::string(1, byte) : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
    return uri + "?immutable=1";
}

constexpr const char* connectionSetup =
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;";

} // namespace

Diagnostic databaseError(sqlite3* database, int code)
{
    const int extended = database != nullptr ? sqlite3_extended_errcode(database) : code;
    const int systemError = database != nullptr ? sqlite3_system_errno(database) : 0;
    const std::string detail =
        database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    if (isDiskFull(code, systemError) || isDiskFull(extended, systemError)) {
        return makeError("case-disk-full", "There is no room left to write the case file.",
                         "Free some space and repeat; the case holds everything up to here.");
    }
    switch (code & 0xFF) {
    case SQLITE_INTERRUPT:
        return cancelledError();
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return makeError("case-locked", "Another program is using the case file.",
                         "Close the case there, or open it read-only here.");
    case SQLITE_READONLY:
        return makeError("case-read-only", "The case file cannot be written.",
                         "Open it read-only, or copy it to a folder you can write to.");
    case SQLITE_NOTADB:
        return makeError("case-not-a-case", "The file is not a Sequela case.",
                         "Event files are imported into a case, not opened as one. If it was a "
                         "case, its beginning is damaged.");
    case SQLITE_CORRUPT:
        return makeError("case-damaged", fmt::format("The case file is damaged: {}.", detail),
                         "Run the integrity check; import the events again into a new case, or go "
                         "back to a copy.");
    default:
        return makeError(
            "case-io",
            systemError != 0
                ? fmt::format("The case file could not be read or written: {} ({}).", detail,
                              std::generic_category().message(systemError))
                : fmt::format("The case file could not be read or written: {}.", detail),
            "Check the disk and the rights on the file and its folder.");
    }
}

Statement::~Statement()
{
    if (m_handle != nullptr) {
        sqlite3_reset(m_handle);
        sqlite3_clear_bindings(m_handle);
    }
}

Statement& Statement::bind(int parameter, std::int64_t value)
{
    sqlite3_bind_int64(m_handle, parameter, value);
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text)
{
    // An empty view may hold a null pointer, which SQLite would take for NULL.
    sqlite3_bind_text64(m_handle, parameter, text.empty() ? "" : text.data(), text.size(),
                        SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindBlob(int parameter, std::string_view bytes)
{
    sqlite3_bind_blob64(m_handle, parameter, bytes.empty() ? "" : bytes.data(), bytes.size(),
                        SQLITE_STATIC);
    return *this;
}

Statement& Statement::bindNull(int parameter)
{
    sqlite3_bind_null(m_handle, parameter);
    return *this;
}

Statement& Statement::bindTime(int parameter, std::int64_t time)
{
    return time == schema::noTime ? bindNull(parameter) : bind(parameter, time);
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        return false;
    }
    return std::unexpected(databaseError(m_database, code));
}

Result<void> Statement::run()
{
    const int code = sqlite3_step(m_handle);
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        Diagnostic error = databaseError(m_database, code);
        sqlite3_reset(m_handle);
        return std::unexpected(std::move(error));
    }
    sqlite3_reset(m_handle);
    return {};
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_handle, column);
}

std::uint64_t Statement::natural(int column) const
{
    return static_cast<std::uint64_t>(integer(column));
}

std::int64_t Statement::time(int column) const
{
    return isNull(column) ? schema::noTime : integer(column);
}

std::string_view Statement::view(int column) const
{
    const void* const bytes = sqlite3_column_blob(m_handle, column);
    const int size = sqlite3_column_bytes(m_handle, column);
    return bytes == nullptr
               ? std::string_view()
               : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

Result<std::unique_ptr<Connection>> Connection::openAs(const std::string& name, int flags)
{
    std::unique_ptr<Connection> connection(new Connection(name));
    const int code = sqlite3_open_v2(name.c_str(), &connection->m_handle,
                                     flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(databaseError(connection->m_handle, code));
    }
    sqlite3* const handle = connection->m_handle;
    connection->setPatience(limits::patience);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, static_cast<int>(limits::storedBlobBytes));
    SEQUELA_TRY(connection->execute(connectionSetup));
    return connection;
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& path, Mode mode)
{
    switch (mode) {
    case Mode::ReadWrite:
        return openAs(path.string(), SQLITE_OPEN_READWRITE);
    case Mode::ReadOnly:
        return openAs(path.string(), SQLITE_OPEN_READONLY);
    case Mode::Immutable:
        return openAs(asUri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    }
    std::unreachable();
}

Result<std::unique_ptr<Connection>> Connection::inMemory()
{
    return openAs(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY);
}

Connection::~Connection()
{
    for (const auto& [sql, statement] : m_statements) {
        sqlite3_finalize(statement);
    }
    sqlite3_close_v2(m_handle);
}

void Connection::setPatience(std::chrono::milliseconds patience) const
{
    sqlite3_busy_timeout(m_handle, static_cast<int>(patience.count()));
}

Result<void> Connection::execute(const char* sql)
{
    const int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(databaseError(m_handle, code));
    }
    return {};
}

Result<Statement> Connection::prepare(const char* sql)
{
    if (const auto known = m_statements.find(sql); known != m_statements.end()) {
        return Statement(m_handle, known->second);
    }
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v3(m_handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(databaseError(m_handle, code));
    }
    m_statements.emplace(sql, statement);
    return Statement(m_handle, statement);
}

Result<std::int64_t> Connection::integer(const char* sql)
{
    auto statement = prepare(sql);
    if (!statement) {
        return std::unexpected(std::move(statement).error());
    }
    auto row = statement->step();
    if (!row) {
        return std::unexpected(std::move(row).error());
    }
    return *row ? statement->integer(0) : 0;
}

Result<std::string> Connection::text(const char* sql)
{
    auto statement = prepare(sql);
    if (!statement) {
        return std::unexpected(std::move(statement).error());
    }
    auto row = statement->step();
    if (!row) {
        return std::unexpected(std::move(row).error());
    }
    return *row ? statement->text(0) : std::string();
}

Result<void> Connection::close()
{
    for (const auto& [sql, statement] : m_statements) {
        sqlite3_finalize(statement);
    }
    m_statements.clear();
    const int code = sqlite3_close(m_handle);
    if (code != SQLITE_OK) {
        return std::unexpected(databaseError(m_handle, code));
    }
    m_handle = nullptr;
    return {};
}

Result<Transaction> Transaction::begin(Connection& connection)
{
    SEQUELA_TRY(connection.execute("BEGIN IMMEDIATE"));
    return Transaction(connection);
}

Result<Transaction> Transaction::beginReading(Connection& connection)
{
    SEQUELA_TRY(connection.execute("BEGIN"));
    return Transaction(connection);
}

Transaction::~Transaction()
{
    // After some errors SQLite has rolled back by itself.
    if (m_connection != nullptr && sqlite3_get_autocommit(m_connection->handle()) == 0) {
        (void)m_connection->execute("ROLLBACK");
    }
}

Result<void> Transaction::commit()
{
    SEQUELA_TRY(m_connection->execute("COMMIT"));
    m_connection = nullptr;
    return {};
}

} // namespace sequela::casefile
