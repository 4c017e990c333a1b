#include "ui/shell/rule_outcomes.h"

#include "core/detect/detection.h"
#include "ui/state/case_session.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notice.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

namespace {

enum Column : std::uint8_t { Name, Alerts, Status, Time, Reason, File, ColumnCount };

QString reasonOf(const detect::RuleOutcome& outcome)
{
    if (!outcome.diagnostics.empty() && outcome.status == detect::RuleStatus::Broken) {
        return diagnosticText(outcome.diagnostics.front()).section(QLatin1Char('\n'), 0, 0);
    }
    return text::visible(outcome.reason);
}

} // namespace

RuleOutcomeModel::RuleOutcomeModel(state::Context& context, QObject* parent)
    : QAbstractTableModel(parent), m_context(context)
{
}

void RuleOutcomeModel::setDetection(std::shared_ptr<const detect::Detection> detection)
{
    m_detection = std::move(detection);
    refill();
}

void RuleOutcomeModel::setWords(const QString& words)
{
    m_words = words.trimmed();
    refill();
}

void RuleOutcomeModel::sort(int column, Qt::SortOrder order)
{
    m_sortColumn = column;
    m_sortOrder = order;
    refill();
}

void RuleOutcomeModel::refill()
{
    beginResetModel();
    m_rows.clear();
    const std::size_t count = m_detection ? m_detection->outcomes.size() : 0;
    for (std::size_t index = 0; index < count; ++index) {
        const detect::RuleOutcome& outcome = m_detection->outcomes[index];
        if (m_words.isEmpty() || text::fromUtf8(outcome.name).contains(m_words, Qt::CaseInsensitive)
            || text::fromUtf8(outcome.file).contains(m_words, Qt::CaseInsensitive)
            || reasonOf(outcome).contains(m_words, Qt::CaseInsensitive)) {
            m_rows.push_back(index);
        }
    }
    const auto isBefore = [this](std::size_t left, std::size_t right) {
        const detect::RuleOutcome& a = m_detection->outcomes[left];
        const detect::RuleOutcome& b = m_detection->outcomes[right];
        switch (m_sortColumn) {
        case Alerts:
            return a.alertCount < b.alertCount;
        case Status:
            return a.status < b.status;
        case Time:
            return a.nanoseconds < b.nanoseconds;
        case Reason:
            return a.reason < b.reason;
        case File:
            return a.file < b.file;
        default:
            return a.name < b.name;
        }
    };
    std::ranges::stable_sort(m_rows, [&](std::size_t left, std::size_t right) {
        return m_sortOrder == Qt::AscendingOrder ? isBefore(left, right) : isBefore(right, left);
    });
    endResetModel();
}

int RuleOutcomeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RuleOutcomeModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RuleOutcomeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Name:
        return tr("Rule");
    case Alerts:
        return tr("Alerts");
    case Status:
        return tr("Status");
    case Time:
        return tr("Time");
    case Reason:
        return tr("Why");
    case File:
        return tr("File");
    default:
        return {};
    }
}

QVariant RuleOutcomeModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !checkIndex(index)) {
        return {};
    }
    const detect::RuleOutcome& outcome =
        m_detection->outcomes[m_rows[static_cast<std::size_t>(index.row())]];
    const bool ran = outcome.status == detect::RuleStatus::Ran;
    if (role == Qt::ForegroundRole) {
        if (outcome.status == detect::RuleStatus::Broken
            || outcome.status == detect::RuleStatus::Failed) {
            return m_context.theme.color(Token::Lost);
        }
        return m_context.theme.color(ran ? Token::Text : Token::Muted);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case Name:
        return text::visible(outcome.name.empty() ? outcome.file : outcome.name);
    case Alerts:
        return ran ? text::count(outcome.alertCount) : QStringLiteral("·");
    case Status:
        return text::visible(detect::ruleStatusName(outcome.status));
    case Time:
        return ran ? text::elapsed(outcome.nanoseconds) : QString();
    case Reason:
        return reasonOf(outcome);
    case File:
        return text::visible(outcome.file);
    default:
        return {};
    }
}

RuleOutcomesPanel::RuleOutcomesPanel(state::Context& context, QWidget* parent)
    : Panel(context.theme, QStringLiteral("rules.outcomes"), tr("Rules of the last run"), parent),
      m_context(context),
      m_model(new RuleOutcomeModel(context, this)),
      m_search(new QLineEdit(this)),
      m_table(new QTableView(this))
{
    m_search->setPlaceholderText(tr("Find rule, file, reason…"));
    m_search->setAccessibleName(tr("Find rule"));
    m_search->setClearButtonEnabled(true);
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Rules and what became of them"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->resizeSection(Name, 380);
    m_table->horizontalHeader()->resizeSection(Alerts, 70);
    m_table->horizontalHeader()->resizeSection(Status, 150);
    m_table->horizontalHeader()->resizeSection(Time, 80);
    m_table->horizontalHeader()->resizeSection(Reason, 420);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(Alerts, Qt::DescendingOrder);
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(6, 6, 6, 6);
    row->addWidget(m_search);
    layout->addLayout(row);
    layout->addWidget(m_table, 1);
    addPage(page);
    connect(m_search, &QLineEdit::textChanged, m_model, &RuleOutcomeModel::setWords);
    connect(&context.session, &state::CaseSession::caseOpened, this, &RuleOutcomesPanel::refresh);
    connect(&context.session, &state::CaseSession::alertsChanged, this,
            &RuleOutcomesPanel::refresh);
}

void RuleOutcomesPanel::refresh()
{
    m_model->setDetection(m_context.session.detection());
    header().setCount(static_cast<std::uint64_t>(m_model->rowCount()));
}

} // namespace sequela::ui
