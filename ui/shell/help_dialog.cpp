#include "ui/shell/help_dialog.h"

#include "core/eql/function_table.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

namespace sequela::ui {

namespace {

const char* const languageHelp =
    "Filter bar: a condition over fields, or a full event query.\n\n"
    "  process.name == \"osascript\"          equal, case matters\n"
    "  process.name : \"OSAScript\"           equal without case; * and ? are wildcards\n"
    "  process.name in (\"sh\", \"zsh\")        any of several; in~ without case\n"
    "  process.command_line like \"*curl*\"   wildcard, case matters; like~ without case\n"
    "  file.name regex \"\\\\.te?mp\"            regular expression over the whole value\n"
    "  destination.port >= 1024             numbers, dates and addresses compare\n"
    "  cidrMatch(source.ip, \"10.0.0.0/8\")   address in a block\n"
    "  user.name != null                    has a value\n"
    "  … and …   … or …   not …             and binds tighter than or\n\n"
    "Operators, loosest first:\n\n"
    "  or   and   not   ==  !=  :  <  <=  >  >=  in  in~  like  like~  regex  regex~\n"
    "  +  -     *  /  %     unary minus, function calls, (parentheses)\n"
    "  A comparison with a missing value is null, and null does not match.\n"
    "  Text in \"…\" knows \\n \\t \\\\ \\\"; \"\"\"…\"\"\" is taken as it stands.\n"
    "  ?field  may be missing from the case; `odd-name`  quotes a field.\n"
    "  // comment to the end of the line   /* comment */\n\n"
    "Full queries, as rules hold them:\n\n"
    "  process where process.name == \"osascript\"\n"
    "  sequence by host.id, process.entity_id with maxspan=30s\n"
    "    [process where process.name == \"osascript\"]\n"
    "    [network where not cidrMatch(destination.ip, \"10.0.0.0/8\")]\n\n"
    "  until […]         ends a sequence that is under way; stands at its end\n"
    "  ![…]             a stage that must not happen; needs maxspan\n"
    "  […] with runs=3  the stage three times in a row\n"
    "  sample by …      the stages in any order, without time\n"
    "  | head 10        the first matches;  | tail 10  the last\n";

void addPage(QTabWidget& pages, const Theme& theme, const QString& title, const QString& text)
{
    auto* page = new QPlainTextEdit(text, &pages);
    page->setReadOnly(true);
    page->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    page->setFont(theme.dataFont());
    page->setLineWrapMode(QPlainTextEdit::NoWrap);
    page->setProperty("class", QStringLiteral("bare"));
    pages.addTab(page, title);
}

} // namespace

QString functionReference()
{
    QString reference;
    for (const eql::FunctionInfo& function : eql::functionTable) {
        reference += text::fromUtf8(function.signature) + QLatin1Char('\n');
        reference += QStringLiteral("    ") + text::fromUtf8(function.help) + QLatin1Char('\n');
        if (function.hasInsensitiveVariant) {
            reference += QStringLiteral("    %1~ is the same with case folded.\n")
                             .arg(text::fromUtf8(function.name));
        }
        reference += QStringLiteral("    Example: ") + text::fromUtf8(function.example)
                     + QStringLiteral("\n\n");
    }
    return reference;
}

HelpDialog::HelpDialog(Theme& theme, const QStringList& shortcuts, QWidget* parent)
    : QDialog(parent),
      m_pages(new QTabWidget(this)),
      m_search(new QLineEdit(this)),
      m_result(new QLabel(this))
{
    setWindowTitle(tr("Help"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(820, 620);
    auto* layout = new QVBoxLayout(this);
    auto* searchLine = new QHBoxLayout;
    m_search->setPlaceholderText(tr("Search the help; Return goes on"));
    m_search->setAccessibleName(tr("Search the help"));
    m_search->setClearButtonEnabled(true);
    m_result->setProperty("class", QStringLiteral("muted"));
    searchLine->addWidget(m_search, 1);
    searchLine->addWidget(m_result);
    layout->addLayout(searchLine);
    addPage(*m_pages, theme, tr("EQL in short"), QString::fromUtf8(languageHelp));
    addPage(*m_pages, theme, tr("Functions"), functionReference());
    addPage(*m_pages, theme, tr("Keys"), shortcuts.join(QLatin1Char('\n')));
    layout->addWidget(m_pages, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    // Return belongs to the search line.
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    layout->addWidget(buttons);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { find(m_search->text()); });
    m_search->setFocus();
}

QPlainTextEdit& HelpDialog::currentPage() const
{
    return *static_cast<QPlainTextEdit*>(m_pages->currentWidget());
}

bool HelpDialog::find(const QString& text)
{
    m_result->clear();
    if (text.isEmpty()) {
        return false;
    }
    const int start = m_pages->currentIndex();
    // Once more on the first page, from its top.
    for (int step = 0; step <= m_pages->count(); ++step) {
        const int index = (start + step) % m_pages->count();
        auto* page = static_cast<QPlainTextEdit*>(m_pages->widget(index));
        if (step > 0) {
            page->moveCursor(QTextCursor::Start);
        }
        if (page->find(text)) {
            m_pages->setCurrentIndex(index);
            return true;
        }
    }
    m_result->setText(tr("not found"));
    return false;
}

} // namespace sequela::ui
