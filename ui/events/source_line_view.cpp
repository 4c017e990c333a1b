#include "ui/events/source_line_view.h"

#include "core/workspace/workspace.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

SourceLineView::SourceLineView(const state::Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_title(new QLabel(this)),
      m_page(new QPlainTextEdit(this)),
      m_job(&context.jobs)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(8, 2, 4, 2);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setProperty("class", QStringLiteral("muted"));
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* close = new QToolButton(this);
    close->setProperty("class", QStringLiteral("flat"));
    close->setIcon(context.theme.icon(QStringLiteral("close"), Token::Muted));
    close->setToolTip(tr("Close the source"));
    close->setAccessibleName(tr("Close the source"));
    head->addWidget(m_title, 1);
    head->addWidget(close);
    m_page->setReadOnly(true);
    m_page->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_page->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_page->setFont(context.theme.dataFont());
    m_page->setFrameShape(QFrame::NoFrame);
    m_page->setAccessibleName(tr("Lines of the source"));
    layout->addLayout(head);
    layout->addWidget(m_page, 1);
    connect(close, &QToolButton::clicked, this, &SourceLineView::closed);
    connect(&context.theme, &Theme::themeChanged, this, &SourceLineView::markLine);
}

QString SourceLineView::title() const
{
    return m_title->text();
}

void SourceLineView::clear()
{
    m_job.cancel();
    m_markedBlock = -1;
    m_title->clear();
    m_page->clear();
}

void SourceLineView::showLine(const ingest::SourceLinesRequest& request)
{
    start([request]() -> Result<ingest::SourceLinesRequest> { return request; });
}

void SourceLineView::showLineOf(EventNumber event)
{
    const auto workspace = m_context.session.workspace();
    if (!workspace) {
        return;
    }
    start([workspace, event]() -> Result<ingest::SourceLinesRequest> {
        const auto origin = workspace->snapshot()->events->origin(event);
        if (!origin) {
            return std::unexpected(origin.error());
        }
        const workspace::SourceInfo source = workspace->sourceOf(event);
        if (origin->line == 0) {
            return std::unexpected(
                makeError("source-no-lines",
                          "This source has no lines: " + source.format + " is a binary format.",
                          "The JSON tab of the event shows the whole record."));
        }
        ingest::SourceLinesRequest request;
        request.path = source.path;
        request.member = source.member;
        request.line = origin->line;
        return request;
    });
}

void SourceLineView::start(const std::function<Result<ingest::SourceLinesRequest>()>& find)
{
    clear();
    m_title->setText(tr("reading…"));
    m_job.start<Shown>(
        tr("Reading a source"),
        [find, passwords = m_context.session.importSettings().archivePasswords](
            const std::stop_token& stop, Progress&) -> Result<Shown> {
            auto request = find();
            if (!request) {
                return std::unexpected(std::move(request).error());
            }
            request->archivePasswords = passwords;
            auto lines = ingest::readSourceLines(*request, stop);
            if (!lines) {
                return std::unexpected(std::move(lines).error());
            }
            return Shown{std::move(*request), std::move(*lines)};
        },
        [this](const Result<Shown>& shown) {
            if (shown) {
                showLines(*shown);
            } else {
                showProblem(shown.error());
            }
        });
}

void SourceLineView::showLines(const Shown& shown)
{
    const ingest::SourceLinesRequest& request = shown.request;
    QString where = text::visible(request.path);
    if (!request.member.empty()) {
        where += QStringLiteral(" → ") + text::visible(request.member);
    }
    m_title->setText(tr("%1, line %2").arg(where, text::count(request.line)));
    m_title->setToolTip(QStringLiteral("<span>%1</span>").arg(m_title->text().toHtmlEscaped()));
    const std::uint64_t last = shown.lines.firstLine + shown.lines.lines.size() - 1;
    const int digits = static_cast<int>(QString::number(last).size());
    QString page;
    std::uint64_t number = shown.lines.firstLine;
    for (const ingest::SourceLines::Line& line : shown.lines.lines) {
        page += QStringLiteral("%1  ").arg(number, digits) + text::visible(line.text);
        if (line.isCut) {
            page += QStringLiteral(" …");
        }
        page += QLatin1Char('\n');
        ++number;
    }
    page.chop(1);
    m_page->setPlainText(page);
    m_markedBlock = static_cast<int>(request.line - shown.lines.firstLine);
    markLine();
    m_page->centerCursor();
}

void SourceLineView::showProblem(const Diagnostic& problem)
{
    m_title->setText(tr("The line cannot be shown"));
    m_page->setPlainText(text::visible(problem.message) + QLatin1Char('\n')
                         + text::visible(problem.hint));
}

void SourceLineView::markLine()
{
    const QTextBlock block = m_page->document()->findBlockByNumber(m_markedBlock);
    if (m_markedBlock < 0 || !block.isValid()) {
        m_page->setExtraSelections({});
        return;
    }
    QTextCursor cursor(block);
    m_page->setTextCursor(cursor);
    QTextEdit::ExtraSelection marked;
    marked.cursor = cursor;
    marked.format.setBackground(m_context.theme.color(Token::Selected));
    marked.format.setProperty(QTextFormat::FullWidthSelection, true);
    m_page->setExtraSelections({marked});
}

} // namespace sequela::ui
