#include "ui/export/export_dialog.h"

#include "core/workspace/workspace.h"
#include "ui/export/summary_pages.h"
#include "ui/export/summary_text.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTextDocument>
#include <QTextEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

namespace {

enum Scope { SelectedScope, GroupScope, AllScope };
constexpr int plainPage = 0;
constexpr int documentPage = 1;
constexpr double previewWidth = 960;

/// What a preview job brings: a document, or text.
struct Preview {
    std::shared_ptr<QTextDocument> document;
    QByteArray text;
    std::size_t leftOut = 0;
};

bool isDocument(const ExportFormat& format)
{
    return !format.format || *format.format == report::Format::Html;
}

} // namespace

ExportDialog::ExportDialog(state::Context& context, ExportScopes scopes, QWidget* parent)
    : QDialog(parent),
      m_context(context),
      m_scopes(std::move(scopes)),
      m_previewJob(&context.jobs),
      m_exportJob(&context.jobs)
{
    setWindowTitle(tr("Export alerts"));
    setObjectName(QStringLiteral("export.dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(1040, 720);
    makeForm();
    makePreview();
    refreshPreview();
}

void ExportDialog::makeForm()
{
    auto* form = new QFormLayout;
    m_scope = new QComboBox(this);
    m_scope->setAccessibleName(tr("Alerts to export"));
    const auto addScope = [this](const QString& label, Scope scope) {
        m_scope->addItem(label, static_cast<int>(scope));
    };
    if (!m_scopes.selected.empty()) {
        addScope(tr("Selection (%1)").arg(text::count(m_scopes.selected.size())), SelectedScope);
    }
    if (!m_scopes.group.empty()) {
        addScope(tr("Group: %1 (%2)").arg(m_scopes.groupName, text::count(m_scopes.group.size())),
                 GroupScope);
    }
    addScope(tr("All alerts"), AllScope);
    // One alert at hand is not what most people want to hand over.
    m_scope->setCurrentIndex(m_scopes.selected.size() > 1 ? 0 : m_scope->count() - 1);
    m_format = new QComboBox(this);
    m_format->setAccessibleName(tr("Format"));
    for (const ExportFormat& format : exportFormats()) {
        m_format->addItem(format.label, format.name);
    }
    m_title = new QLineEdit(tr("Alert summary"), this);
    m_title->setAccessibleName(tr("Heading of the document"));
    m_buildingBlocks = new QCheckBox(tr("Alerts of building-block rules, too"), this);
    form->addRow(tr("&Alerts"), m_scope);
    form->addRow(tr("&Format"), m_format);
    form->addRow(tr("&Heading"), m_title);
    form->addRow(QString(), m_buildingBlocks);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    connect(m_scope, &QComboBox::currentIndexChanged, this, &ExportDialog::refreshPreview);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::refreshPreview);
    connect(m_title, &QLineEdit::editingFinished, this, &ExportDialog::refreshPreview);
    connect(m_buildingBlocks, &QCheckBox::toggled, this, &ExportDialog::refreshPreview);
}

void ExportDialog::makePreview()
{
    m_preview = new QStackedWidget(this);
    m_plain = new QPlainTextEdit(this);
    m_plain->setReadOnly(true);
    m_plain->setFont(m_context.theme.dataFont());
    m_plain->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_plain->setAccessibleName(tr("Preview"));
    m_pages = new QTextEdit(this);
    m_pages->setReadOnly(true);
    m_pages->setAccessibleName(tr("Preview"));
    m_pages->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    // A document on paper is white in every theme.
    QPalette paper = m_pages->palette();
    paper.setColor(QPalette::Base, Qt::white);
    m_pages->setPalette(paper);
    m_pages->setStyleSheet(QStringLiteral("QTextEdit { background: white; }"));
    m_preview->addWidget(m_plain);
    m_preview->addWidget(m_pages);
    m_remark = new QLabel(this);
    m_remark->setTextFormat(Qt::PlainText);
    m_remark->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setIcon({});
    m_export = buttons->addButton(tr("&Export…"), QDialogButtonBox::ActionRole);
    m_export->setDefault(true);
    layout()->addWidget(m_preview);
    layout()->addWidget(m_remark);
    layout()->addWidget(buttons);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::chooseFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

report::ExportRequest ExportDialog::request() const
{
    report::ExportRequest request;
    request.title = text::toUtf8(m_title->text());
    request.includeBuildingBlocks = m_buildingBlocks->isChecked();
    switch (m_scope->currentData().toInt()) {
    case SelectedScope:
        request.alertIds = m_scopes.selected;
        break;
    case GroupScope:
        request.alertIds = m_scopes.group;
        break;
    default:
        break;
    }
    return request;
}

const ExportFormat& ExportDialog::format() const
{
    return *exportFormatNamed(m_format->currentData().toString());
}

void ExportDialog::setFormat(const QString& name)
{
    m_format->setCurrentIndex(m_format->findData(name));
}

void ExportDialog::refreshPreview()
{
    const auto workspace = m_context.session.workspace();
    if (!workspace) {
        return;
    }
    m_buildingBlocks->setEnabled(m_scope->currentData().toInt() == AllScope);
    m_remark->setText(tr("Preparing the preview…"));
    const report::ExportRequest wanted = request();
    const ExportFormat chosen = format();
    m_previewJob.start<Preview>(
        tr("Preparing the preview"),
        [workspace, wanted, chosen](const std::stop_token& stop, Progress&) -> Result<Preview> {
            report::ExportRequest part = wanted;
            Preview preview;
            std::vector<std::string> ids;
            const auto found = workspace->detection();
            for (const detect::Alert& alert : found->alerts) {
                const bool isWanted =
                    wanted.alertIds
                        ? std::ranges::find(*wanted.alertIds, alert.id) != wanted.alertIds->end()
                        : wanted.includeBuildingBlocks || !alert.rule->buildingBlock;
                if (isWanted && ids.size() < previewAlerts) {
                    ids.push_back(alert.id);
                } else if (isWanted) {
                    ++preview.leftOut;
                }
            }
            if (preview.leftOut > 0) {
                part.alertIds = std::move(ids);
            }
            if (isDocument(chosen)) {
                auto document = previewDocument(*workspace, part, previewWidth, stop);
                if (!document) {
                    return std::unexpected(std::move(document).error());
                }
                (*document)->moveToThread(QCoreApplication::instance()->thread());
                preview.document = std::move(*document);
                return preview;
            }
            auto bytes = exportBytes(*workspace, chosen, part, stop);
            if (!bytes) {
                return std::unexpected(std::move(bytes).error());
            }
            preview.text = bytes->left(previewBytes);
            return preview;
        },
        [this](const Result<Preview>& preview) {
            if (!preview) {
                m_remark->setText(text::visible(preview.error().message));
                return;
            }
            m_remark->setText(preview->leftOut == 0
                                  ? QString()
                                  : tr("The preview leaves out %1; the file holds all.")
                                        .arg(text::counted(preview->leftOut, tr("alert"))));
            if (preview->document) {
                // The view wants a document of its own; the old one goes with its parent.
                QTextDocument* document = preview->document->clone(m_pages);
                document->documentLayout()->registerHandler(
                    DrawingObject::objectType, new DrawingObject(previewWidth, document));
                m_pages->setDocument(document);
                m_preview->setCurrentIndex(documentPage);
                return;
            }
            m_plain->setPlainText(text::visibleLines(std::string_view(
                preview->text.constData(), static_cast<std::size_t>(preview->text.size()))));
            m_preview->setCurrentIndex(plainPage);
        });
}

void ExportDialog::chooseFile()
{
    const ExportFormat& chosen = format();
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export alerts"), tr("alerts") + chosen.extension,
        QStringLiteral("%1 (*%2)").arg(chosen.label, chosen.extension));
    if (!file.isEmpty()) {
        exportTo(file);
    }
}

void ExportDialog::exportTo(const QString& file)
{
    const auto workspace = m_context.session.workspace();
    const report::ExportRequest wanted = request();
    const ExportFormat chosen = format();
    m_export->setEnabled(false);
    m_exportJob.start<QByteArray>(
        tr("Exporting alerts"),
        [workspace, wanted, chosen](const std::stop_token& stop, Progress&) {
            return exportBytes(*workspace, chosen, wanted, stop);
        },
        [this, file](Result<QByteArray> bytes) {
            m_export->setEnabled(true);
            const Result<void> written =
                bytes ? writeExport(file, *bytes) : std::unexpected(std::move(bytes).error());
            if (!written) {
                m_remark->setText(
                    text::visible(written.error().message + ". " + written.error().hint));
                return;
            }
            m_remark->setText(tr("Written to %1").arg(file));
            Q_EMIT exported(file);
        });
}

} // namespace sequela::ui
