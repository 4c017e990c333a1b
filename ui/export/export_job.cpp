#include "ui/export/export_job.h"

#include "core/workspace/workspace.h"
#include "ui/export/summary_pages.h"
#include "ui/text/event_text.h"

#include <QCoreApplication>
#include <QSaveFile>

#include <algorithm>

namespace sequela::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Export", text);
}

QString labelOf(report::Format format)
{
    switch (format) {
    case report::Format::Table:
        return tr("Text table");
    case report::Format::Json:
        return tr("ECS alert documents, JSON");
    case report::Format::Ndjson:
        return tr("ECS alert documents, NDJSON");
    case report::Format::Markdown:
        return tr("Markdown");
    case report::Format::Html:
        return tr("Web page");
    case report::Format::Csv:
        return tr("Spreadsheet, CSV");
    case report::Format::Navigator:
        return tr("ATT&CK Navigator layer");
    case report::Format::Sarif:
        return tr("SARIF");
    case report::Format::Junit:
        return tr("JUnit");
    }
    return {};
}

std::vector<ExportFormat> allExportFormats()
{
    std::vector<ExportFormat> formats;
    const auto add = [&formats](report::Format format) {
        formats.push_back({format, labelOf(format), text::fromUtf8(report::formatName(format)),
                           text::fromUtf8(report::formatExtension(format))});
    };
    add(report::Format::Html);
    formats.push_back({std::nullopt, tr("PDF"), QStringLiteral("pdf"), QStringLiteral(".pdf")});
    for (const report::Format format : report::allFormats()) {
        if (format != report::Format::Html) {
            add(format);
        }
    }
    return formats;
}

} // namespace

const std::vector<ExportFormat>& exportFormats()
{
    static const std::vector<ExportFormat> formats = allExportFormats();
    return formats;
}

const ExportFormat* exportFormatNamed(const QString& name)
{
    const auto found = std::ranges::find(exportFormats(), name, &ExportFormat::name);
    return found == exportFormats().end() ? nullptr : &*found;
}

Result<QByteArray> exportBytes(const workspace::Workspace& workspace, const ExportFormat& format,
                               report::ExportRequest request, std::stop_token stop)
{
    if (!format.format) {
        return writePdf(workspace, request, std::move(stop));
    }
    request.format = *format.format;
    auto bytes = workspace.exportAlerts(request, std::move(stop));
    if (!bytes) {
        return std::unexpected(std::move(bytes).error());
    }
    return QByteArray::fromStdString(*bytes);
}

Result<void> writeExport(const QString& file, const QByteArray& bytes)
{
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size()
        || !target.commit()) {
        return std::unexpected(makeError(
            "export-write",
            text::toUtf8(tr("%1 could not be written: %2").arg(file, target.errorString())),
            text::toUtf8(tr("Choose another folder, or make room on the disk."))));
    }
    return {};
}

} // namespace sequela::ui
