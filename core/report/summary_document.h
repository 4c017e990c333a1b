#pragma once

#include "core/base/diagnostic.h"
#include "core/detect/alert.h"
#include "core/report/alert_summary.h"
#include "core/report/export.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a summary for people says, in order, whatever it is written as. One walk over the alerts
/// feeds HTML, Markdown and the PDF of the desktop program.
namespace sequela::report {

/// A piece of a line. Texts come from events as well as from us and are as hostile as ever: a sink
/// escapes every one of them.
struct TextRun {
    enum class Style : std::uint8_t {
        Plain,
        /// Set apart as data: values, ids, paths.
        Code,
        /// Said by the way.
        Soft,
        /// A severity with its colour.
        Severity,
        /// The text of a line break is empty.
        Break,
    };
    std::string text;
    Style style = Style::Plain;
    /// Of style Severity.
    detect::AlertSeverity severity = detect::AlertSeverity::Low;
};
using TextLine = std::vector<TextRun>;

/// Alerts with drawings at most: they make a document long.
inline constexpr std::size_t maxDrawnAlerts = 500;

/// Lines of one run, shortened.
[[nodiscard]] TextLine plainLine(std::string_view text);
[[nodiscard]] TextLine codeLine(std::string_view text);

struct DocumentColumn {
    std::string_view title;
    bool isNumber = false;
};
using DocumentRow = std::vector<TextLine>;
/// Label and value.
using DocumentFact = std::pair<std::string_view, TextLine>;

/// Receives the document front to back. Texts are shortened already.
class DocumentSink {
public:
    virtual ~DocumentSink() = default;

    /// Whether drawings are worth making.
    [[nodiscard]] virtual bool wantsDrawings() const { return false; }
    virtual void title(const std::string& text) = 0;
    virtual void heading(std::string_view text) = 0;
    virtual void paragraph(const TextLine& line) = 0;
    /// Alerts by severity, indexed by AlertSeverity.
    virtual void figures(const std::array<std::size_t, 4>& bySeverity) = 0;
    virtual void table(const std::vector<DocumentColumn>& columns,
                       const std::vector<DocumentRow>& rows) = 0;
    /// An SVG document of ours; a sink that cannot show pictures leaves it out.
    virtual void drawing(const std::string& /*svg*/, std::string_view /*caption*/) {}

    virtual void beginAlert(const detect::Alert& alert, const std::string& name) = 0;
    virtual void facts(const std::vector<DocumentFact>& facts) = 0;
    virtual void beginStages() = 0;
    /// One stage: what and when, then clause and values of each row.
    virtual void stage(std::size_t number, const TextLine& head,
                       const std::vector<DocumentRow>& clauses) = 0;
    virtual void endStages() = 0;
    virtual void endAlert() = 0;

protected:
    DocumentSink() = default;
    DocumentSink(const DocumentSink&) = default;
    DocumentSink& operator=(const DocumentSink&) = default;
};

/// Colours of severities in documents on white, indexed by AlertSeverity; each has a contrast of at
/// least 4.5:1.
[[nodiscard]] std::string_view severityColor(detect::AlertSeverity severity);

/// Walks the whole document. Errors: details could not be read, cancelled.
[[nodiscard]] Result<void> writeDocument(const AlertSummary& summary, const ExportRequest& request,
                                         DocumentSink& sink, std::stop_token stop = {});

} // namespace sequela::report
