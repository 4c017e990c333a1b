#include "ui/rules/test_draft_dialog.h"

#include "core/rules/rule_test.h"
#include "ui/rules/rule_files.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <map>
#include <utility>

namespace sequela::ui {

namespace {

enum FieldColumn : int { NameColumn, ValueColumn };
constexpr QSize usualSize(820, 560);

} // namespace

TestDraftDialog::TestDraftDialog(const state::Context& context, workspace::TestDraftRequest request,
                                 QWidget* parent)
    : QDialog(parent),
      m_context(context),
      m_request(std::move(request)),
      m_name(new QLineEdit(this)),
      m_fields(new QTreeWidget(this)),
      m_preview(new QPlainTextEdit(this)),
      m_remark(new QLabel(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this)),
      m_draftJob(&context.jobs),
      m_saveJob(&context.jobs)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("testDraft"));
    setWindowTitle(m_request.expectsMatch ? tr("Test from a match") : tr("Test from a near miss"));
    resize(usualSize);
    layOut();
    m_name->setText(text::fromUtf8(m_request.name));
    connect(m_name, &QLineEdit::textChanged, this, [this] {
        if (m_shown) {
            m_shown->name = text::toUtf8(m_name->text());
            m_draft->name = m_shown->name;
            m_preview->setPlainText(
                text::visibleLines(workspace::testText(*m_shown, *m_request.rule)));
        }
    });
    connect(m_fields, &QTreeWidget::itemChanged, this, [this] {
        if (!m_filling) {
            startRedaction();
        }
    });
    connect(m_buttons, &QDialogButtonBox::accepted, this, &TestDraftDialog::save);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    startDraft();
}

void TestDraftDialog::layOut()
{
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    auto* lead = new QLabel(
        m_request.expectsMatch
            ? tr("Events and fields that the match does not need are left out. Tick what is not to "
                 "leave this machine: its values are replaced, the same one alike everywhere.")
            : tr("The rule must stay silent on these events. Only fields that its query reads are "
                 "kept. Tick what is not to leave this machine."),
        this);
    lead->setWordWrap(true);
    lead->setProperty("class", QStringLiteral("muted"));
    m_name->setAccessibleName(tr("Name of the test"));
    m_name->setPlaceholderText(tr("Name of the test"));
    m_fields->setHeaderLabels({tr("Redact"), tr("Values")});
    m_fields->setRootIsDecorated(false);
    m_fields->setUniformRowHeights(true);
    m_fields->setAccessibleName(tr("Fields of the test"));
    m_fields->header()->resizeSection(NameColumn, 210);
    m_preview->setReadOnly(true);
    m_preview->setFont(m_context.theme.dataFont());
    m_preview->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_preview->setAccessibleName(tr("The test as it will be saved"));
    m_remark->setTextFormat(Qt::PlainText);
    m_remark->setWordWrap(true);
    m_buttons->button(QDialogButtonBox::Save)->setText(tr("Add to the tests"));
    m_buttons->button(QDialogButtonBox::Save)->setProperty("class", QStringLiteral("primary"));
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(false);
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->addWidget(m_fields);
    split->addWidget(m_preview);
    split->setSizes({360, 440});
    split->setChildrenCollapsible(false);
    layout->addWidget(lead);
    layout->addWidget(m_name);
    layout->addWidget(split, 1);
    layout->addWidget(m_remark);
    layout->addWidget(m_buttons);
}

void TestDraftDialog::startDraft()
{
    m_remark->setText(tr("Looking for the smallest test…"));
    m_draftJob.start<workspace::TestDraft>(
        tr("Making a test"),
        [snapshot = m_context.session.snapshot(), request = m_request](const std::stop_token& stop,
                                                                       Progress&) {
            return workspace::draftTest(*snapshot, request, stop);
        },
        [this](Result<workspace::TestDraft> draft) { takeDraft(std::move(draft)); });
}

void TestDraftDialog::takeDraft(Result<workspace::TestDraft> draft)
{
    if (!draft) {
        showError(draft.error());
        return;
    }
    m_draft = std::move(*draft);
    m_draft->name = text::toUtf8(m_name->text());
    fillFields();
    showDraft(*m_draft);
    startRedaction();
}

void TestDraftDialog::fillFields()
{
    std::map<std::string, QStringList> values;
    for (const workspace::DraftEvent& event : m_draft->events) {
        for (const workspace::DraftField& field : event.fields) {
            QStringList& list = values[field.name];
            for (const detect::FieldText& value : field.values) {
                const QString shown = text::visibleCell(value.text);
                if (!list.contains(shown)) {
                    list << shown;
                }
            }
        }
    }
    m_filling = true;
    for (const auto& [name, list] : values) {
        auto* item = new QTreeWidgetItem(m_fields);
        item->setText(NameColumn, text::visible(name));
        item->setData(NameColumn, Qt::UserRole, text::fromUtf8(name));
        item->setText(ValueColumn, list.join(QStringLiteral(", ")));
        item->setFont(NameColumn, m_context.theme.dataFont());
        item->setFont(ValueColumn, m_context.theme.dataFont());
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(NameColumn, workspace::isPersonal(name) ? Qt::Checked : Qt::Unchecked);
    }
    m_filling = false;
}

void TestDraftDialog::startRedaction()
{
    if (!m_draft) {
        return;
    }
    std::vector<std::string> chosen;
    for (int row = 0; row < m_fields->topLevelItemCount(); ++row) {
        const QTreeWidgetItem* item = m_fields->topLevelItem(row);
        if (item->checkState(NameColumn) == Qt::Checked) {
            chosen.push_back(text::toUtf8(item->data(NameColumn, Qt::UserRole).toString()));
        }
    }
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(false);
    m_draftJob.start<workspace::TestDraft>(
        tr("Redacting a test"),
        [draft = *m_draft, chosen, rule = m_request.rule](const std::stop_token& stop, Progress&) {
            return workspace::redactTest(draft, chosen, *rule, stop);
        },
        [this](Result<workspace::TestDraft> draft) {
            if (!draft) {
                showError(draft.error());
                return;
            }
            showDraft(std::move(*draft));
            m_buttons->button(QDialogButtonBox::Save)->setEnabled(true);
        });
}

void TestDraftDialog::showDraft(workspace::TestDraft draft)
{
    m_shown = std::move(draft);
    m_shown->name = text::toUtf8(m_name->text());
    std::size_t fieldCount = 0;
    for (const workspace::DraftEvent& event : m_shown->events) {
        fieldCount += event.fields.size();
    }
    QString remark = tr("%1 with %2; %3 left out.")
                         .arg(text::counted(m_shown->events.size(), tr("event")),
                              text::counted(fieldCount, tr("field")),
                              text::counted(m_shown->droppedFields, tr("field")));
    if (!m_shown->notRedacted.empty()) {
        QStringList names;
        for (const std::string& name : m_shown->notRedacted) {
            names << text::visible(name);
        }
        remark += QLatin1Char(' ')
                  + tr("Kept as they are, since the outcome depends on them: %1.")
                        .arg(names.join(QStringLiteral(", ")));
    }
    m_remark->setText(remark);
    m_preview->setPlainText(text::visibleLines(workspace::testText(*m_shown, *m_request.rule)));
}

void TestDraftDialog::showError(const Diagnostic& error)
{
    m_remark->setText(diagnosticText(error));
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(false);
}

QString TestDraftDialog::preview() const
{
    return m_preview->toPlainText();
}

QString TestDraftDialog::remark() const
{
    return m_remark->text();
}

void TestDraftDialog::save()
{
    if (!m_shown || !m_buttons->button(QDialogButtonBox::Save)->isEnabled()) {
        return;
    }
    // Once: a second press would add the test a second time.
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(false);
    const std::filesystem::path file = rules::testFileOf(m_request.rule->path);
    m_saveJob.start<bool>(
        tr("Saving a test"),
        [file, test = workspace::testText(*m_shown, *m_request.rule)](
            const std::stop_token&, Progress&) { return appendToTestFile(file, test); },
        [this, file](const Result<bool>& written) {
            if (!written) {
                showError(written.error());
                m_buttons->button(QDialogButtonBox::Save)->setEnabled(true);
                return;
            }
            Q_EMIT saved(text::fromUtf8(file.string()));
            close();
        });
}

} // namespace sequela::ui
