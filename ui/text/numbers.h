#pragma once

#include <QString>

#include <cstdint>

namespace sequela::ui::text {

/// "1,204,331": the same in every locale, so that figures can be compared between screens.
[[nodiscard]] QString count(std::uint64_t number);
/// "1,204,331 events" or "1 event"; @p noun is singular and takes an s.
[[nodiscard]] QString counted(std::uint64_t number, const QString& noun);
/// "412 MiB", "3.4 GiB", "812 B".
[[nodiscard]] QString bytes(std::uint64_t number);
/// Time a query or a job took: "0.4 ms", "1.8 s".
[[nodiscard]] QString elapsed(std::uint64_t nanoseconds);

} // namespace sequela::ui::text
