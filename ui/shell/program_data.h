#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace sequela::ui {

/// What comes with the program beside it.
enum class ShippedFolder : std::uint8_t { Rules, Demo };

/// The folder, absolute, if it is there. In this order: `rules` or `demo` below the folder that the
/// environment variable SEQUELA_DATA names, below `../share/sequela` of an installed program, or
/// the source tree that the program was built in and runs from. Needs the application object.
[[nodiscard]] std::optional<std::filesystem::path> shippedFolder(ShippedFolder folder);

} // namespace sequela::ui
