#pragma once

#include "core/base/diagnostic.h"
#include "core/report/export.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace sequela::workspace {
class Workspace;
} // namespace sequela::workspace

namespace sequela::ui {

/// A format the window writes: those of the core, and PDF.
struct ExportFormat {
    /// Nothing is PDF.
    std::optional<report::Format> format;
    /// "Web page".
    QString label;
    /// As the command line names it: "html".
    QString name;
    /// ".html".
    QString extension;
};
/// In the order a menu offers them.
[[nodiscard]] const std::vector<ExportFormat>& exportFormats();
/// Null if no format has this name.
[[nodiscard]] const ExportFormat* exportFormatNamed(const QString& name);

/// The bytes of an export. @p request says which alerts; its format is set from @p format.
[[nodiscard]] Result<QByteArray> exportBytes(const workspace::Workspace& workspace,
                                             const ExportFormat& format,
                                             report::ExportRequest request, std::stop_token stop);

/// Writes a whole file or none. Errors: `export-write`.
[[nodiscard]] Result<void> writeExport(const QString& file, const QByteArray& bytes);

} // namespace sequela::ui
