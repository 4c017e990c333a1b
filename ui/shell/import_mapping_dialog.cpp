#include "ui/shell/import_mapping_dialog.h"

#include "core/schema/field_catalog.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QCompleter>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QStandardPaths>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>
#include <utility>

namespace sequela::ui {

namespace {

constexpr int sourceColumn = 0;
constexpr int sampleColumn = 1;
constexpr int targetColumn = 2;
/// Bytes of a mapping file that are read.
constexpr qint64 mostFileBytes = 1 << 20;

/// Edits an ECS name, completing it from the schema.
class TargetDelegate : public QStyledItemDelegate {
public:
    TargetDelegate(QStringList names, QObject* parent)
        : QStyledItemDelegate(parent), m_names(std::move(names))
    {
    }

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& /*option*/,
                          const QModelIndex& /*index*/) const override
    {
        auto* edit = new QLineEdit(parent);
        auto* completer = new QCompleter(m_names, edit);
        completer->setFilterMode(Qt::MatchContains);
        completer->setCaseSensitivity(Qt::CaseInsensitive);
        edit->setCompleter(completer);
        return edit;
    }

private:
    QStringList m_names;
};

QString fileNameOf(const QString& title)
{
    QString name;
    for (const QChar c : title.toLower()) {
        name += c.isLetterOrNumber() && c.unicode() < 128 ? c : QChar(u'-');
    }
    while (name.contains(QStringLiteral("--"))) {
        name.replace(QStringLiteral("--"), QStringLiteral("-"));
    }
    constexpr qsizetype longest = 60;
    return name.left(longest);
}

} // namespace

QString mappingFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
           + QStringLiteral("/mappings");
}

std::vector<mapping::MappingTable> savedMappings(QStringList& faults)
{
    std::vector<mapping::MappingTable> tables;
    const QDir folder(mappingFolder());
    for (const QFileInfo& info :
         folder.entryInfoList({QStringLiteral("*.map")}, QDir::Files, QDir::Name)) {
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly)) {
            faults << info.fileName();
            continue;
        }
        auto read = mapping::parseMappingFile(file.read(mostFileBytes).toStdString(),
                                              text::toUtf8(info.fileName()));
        if (!read) {
            faults << info.fileName();
            continue;
        }
        std::ranges::move(*read, std::back_inserter(tables));
    }
    return tables;
}

ImportMappingDialog::ImportMappingDialog(state::Context& context,
                                         const std::vector<std::string>& documents,
                                         const QString& file, QWidget* parent)
    : QDialog(parent),
      m_context(context),
      m_draft(ingest::draftMapping(documents)),
      m_name(new QLineEdit(QFileInfo(file).fileName(), this)),
      m_rows(new QTableWidget(this)),
      m_fault(new QLabel(this))
{
    setWindowTitle(tr("Map fields to ECS"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(860, 560);
    auto* layout = new QVBoxLayout(this);
    auto* words = new QLabel(tr("Give fields their ECS names; what has none keeps its own. Files "
                                "with the same fields are read this way from now on."),
                             this);
    words->setWordWrap(true);
    layout->addWidget(words);
    auto* head = new QHBoxLayout;
    head->addWidget(new QLabel(tr("Name"), this));
    m_name->setAccessibleName(tr("Name of the mapping"));
    head->addWidget(m_name, 1);
    layout->addLayout(head);
    m_rows->setAccessibleName(tr("Fields and their ECS names"));
    m_rows->setColumnCount(3);
    m_rows->setHorizontalHeaderLabels({tr("Field"), tr("Sample"), tr("ECS field")});
    m_rows->verticalHeader()->hide();
    m_rows->horizontalHeader()->setStretchLastSection(true);
    m_rows->setColumnWidth(sourceColumn, 240);
    m_rows->setColumnWidth(sampleColumn, 300);
    m_rows->setFont(context.theme.dataFont());
    layout->addWidget(m_rows, 1);
    m_fault->setTextFormat(Qt::PlainText);
    m_fault->setWordWrap(true);
    layout->addWidget(m_fault);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto* keep = buttons->addButton(tr("Save and import again"), QDialogButtonBox::AcceptRole);
    connect(keep, &QPushButton::clicked, this, &ImportMappingDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    QStringList names;
    for (const std::string& name : schema::Schema::ecs()->names()) {
        names << text::visible(name);
    }
    m_rows->setItemDelegateForColumn(targetColumn, new TargetDelegate(names, m_rows));
    fill();
}

void ImportMappingDialog::fill()
{
    m_rows->setRowCount(static_cast<int>(m_draft.rows.size()));
    for (int row = 0; row < m_rows->rowCount(); ++row) {
        const ingest::DraftRow& field = m_draft.rows[static_cast<std::size_t>(row)];
        auto* source = new QTableWidgetItem(text::visibleCell(field.source));
        auto* sample = new QTableWidgetItem(text::visibleCell(field.sample));
        source->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        sample->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        sample->setForeground(m_context.theme.color(Token::Muted));
        m_rows->setItem(row, sourceColumn, source);
        m_rows->setItem(row, sampleColumn, sample);
        m_rows->setItem(row, targetColumn, new QTableWidgetItem(text::visible(field.target)));
    }
}

void ImportMappingDialog::save()
{
    for (int row = 0; row < m_rows->rowCount(); ++row) {
        m_draft.rows[static_cast<std::size_t>(row)].target =
            text::toUtf8(m_rows->item(row, targetColumn)->text().trimmed());
    }
    const QString name = m_name->text().trimmed();
    m_draft.title = text::toUtf8(name.isEmpty() ? tr("My mapping") : name);
    const QString stem = QStringLiteral("own-") + fileNameOf(name);
    auto written = ingest::mappingFileText(m_draft, text::toUtf8(stem));
    if (!written) {
        m_fault->setText(diagnosticText(written.error()));
        return;
    }
    QDir().mkpath(mappingFolder());
    QSaveFile file(mappingFolder() + u'/' + stem + QStringLiteral(".map"));
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(*written)) < 0
        || !file.commit()) {
        m_fault->setText(tr("The mapping cannot be saved: %1").arg(file.errorString()));
        return;
    }
    QStringList faults;
    state::ImportSettings settings = m_context.session.importSettings();
    settings.mappings = savedMappings(faults);
    m_context.session.setImportSettings(std::move(settings));
    Q_EMIT saved();
    accept();
}

} // namespace sequela::ui
