#pragma once

#include "core/base/diagnostic.h"
#include "core/report/export.h"

#include <QByteArray>

#include <memory>
#include <stop_token>

class QTextDocument;

namespace sequela::workspace {
class Workspace;
} // namespace sequela::workspace

namespace sequela::ui {

/// The alert summary as PDF: A4, with headings, page numbers and vector drawings. Equal alerts,
/// equal bytes. Works in any thread of a program with a QGuiApplication, a display or not.
[[nodiscard]] Result<QByteArray> writePdf(const workspace::Workspace& workspace,
                                          const report::ExportRequest& request,
                                          std::stop_token stop);

/// The same document for a screen, lines as wide as @p width; belongs to the thread it is made in.
[[nodiscard]] Result<std::unique_ptr<QTextDocument>>
previewDocument(const workspace::Workspace& workspace, const report::ExportRequest& request,
                double width, std::stop_token stop);

} // namespace sequela::ui
