#include "ui/events/column_chooser.h"

#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

namespace {
constexpr int fieldRole = Qt::UserRole;
} // namespace

ColumnChooser::ColumnChooser(state::Context& context, const std::vector<std::string>& shown,
                             QWidget* parent)
    : QFrame(parent, Qt::Popup),
      m_context(context),
      m_search(new QLineEdit(this)),
      m_list(new QListWidget(this))
{
    setProperty("class", QStringLiteral("panel"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->setSpacing(6);
    m_search->setPlaceholderText(tr("Find a field"));
    m_search->setAccessibleName(tr("Find a field"));
    m_search->setClearButtonEnabled(true);
    m_list->setAccessibleName(tr("Fields of this case"));
    m_list->setUniformItemSizes(true);
    m_list->setFont(context.theme.dataFont());
    layout->addWidget(m_search);
    layout->addWidget(m_list);
    setFixedSize(380, 460);
    fill(shown);
    connect(m_search, &QLineEdit::textChanged, this, &ColumnChooser::narrow);
    connect(m_list, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        Q_EMIT columnToggled(item->data(fieldRole).toByteArray().toStdString(),
                             item->checkState() == Qt::Checked);
    });
    m_search->setFocus();
}

void ColumnChooser::fill(const std::vector<std::string>& shown)
{
    const auto snapshot = m_context.session.snapshot();
    if (!snapshot) {
        return;
    }
    std::vector<std::string> fields{"@timestamp"};
    for (const auto& [name, seen] : snapshot->catalog->seen()) {
        if (name != "@timestamp") {
            fields.push_back(name);
        }
    }
    // Those shown first, in their order, so that they are found for unticking.
    std::ranges::stable_partition(fields, [&shown](const std::string& field) {
        return std::ranges::find(shown, field) != shown.end();
    });
    for (const std::string& field : fields) {
        const auto seen = snapshot->catalog->seen().find(field);
        const std::uint64_t count =
            seen == snapshot->catalog->seen().end() ? 0 : seen->second.eventCount;
        auto* item = new QListWidgetItem(
            text::visible(field) + QStringLiteral("   ") + text::count(count), m_list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setData(fieldRole, QByteArray::fromStdString(field));
        item->setCheckState(std::ranges::find(shown, field) != shown.end() ? Qt::Checked
                                                                           : Qt::Unchecked);
    }
}

void ColumnChooser::narrow(const QString& words)
{
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem* item = m_list->item(row);
        item->setHidden(!item->text().contains(words.trimmed(), Qt::CaseInsensitive));
    }
}

} // namespace sequela::ui
