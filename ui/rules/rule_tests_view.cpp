#include "ui/rules/rule_tests_view.h"

#include "core/detect/rule_test_run.h"
#include "core/rules/rule_set.h"
#include "core/rules/rule_test.h"
#include "ui/text/event_text.h"
#include "ui/text/numbers.h"
#include "ui/theme/theme.h"

#include <QBrush>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace sequela::ui {

namespace {

enum Column : int { ResultColumn, NameColumn, ExpectationColumn, EventsColumn, MessageColumn };
constexpr int columns = MessageColumn + 1;

/// What a run of a test file yields.
struct TestRun {
    std::vector<RuleTestRow> rows;
    /// Tests that could not be read.
    std::vector<Diagnostic> diagnostics;
};

QString expectationOf(const rules::RuleTest& test)
{
    const std::size_t count = std::holds_alternative<std::size_t>(test.expect)
                                  ? std::get<std::size_t>(test.expect)
                                  : std::get<rules::ExpectedMatches>(test.expect).size();
    if (count == 0) {
        return RuleTestsView::tr("no match");
    }
    return count == 1 ? RuleTestsView::tr("1 match")
                      : RuleTestsView::tr("%1 matches").arg(text::count(count));
}

Result<TestRun> runTests(const rules::Rule& rule, const std::string& testFile,
                         const std::stop_token& stop)
{
    auto content = rules::readRuleText(testFile);
    if (!content) {
        return std::unexpected(std::move(content).error());
    }
    rules::RuleTestFile file = rules::readRuleTests(*content, testFile);
    TestRun run;
    run.diagnostics = std::move(file.diagnostics);
    for (const rules::RuleTest& test : file.tests) {
        auto result = detect::runRuleTest(rule, test, stop);
        if (!result) {
            return std::unexpected(std::move(result).error());
        }
        run.rows.push_back({test.name, expectationOf(test), test.events.size(), result->passed,
                            std::move(result->message)});
    }
    return run;
}

} // namespace

RuleTestModel::RuleTestModel(Theme& theme, QObject* parent)
    : QAbstractTableModel(parent), m_theme(theme)
{
}

void RuleTestModel::setRows(std::vector<RuleTestRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int RuleTestModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RuleTestModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columns;
}

QVariant RuleTestModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const RuleTestRow& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::ForegroundRole) {
        if (index.column() == ResultColumn && row.passed) {
            return QBrush(m_theme.color(*row.passed ? Token::Gained : Token::Lost));
        }
        return QBrush(m_theme.color(index.column() == NameColumn ? Token::Text : Token::Muted));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case ResultColumn:
        return !row.passed ? QStringLiteral("…") : *row.passed ? tr("✓ passed") : tr("✗ failed");
    case NameColumn:
        return text::visible(row.name);
    case ExpectationColumn:
        return row.expectation;
    case EventsColumn:
        return text::count(row.eventCount);
    default:
        return text::visible(row.message);
    }
}

QVariant RuleTestModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case ResultColumn:
        return tr("Result");
    case NameColumn:
        return tr("Test");
    case ExpectationColumn:
        return tr("Expects");
    case EventsColumn:
        return tr("Events");
    default:
        return tr("Why");
    }
}

RuleTestsView::RuleTestsView(const state::Context& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_model(new RuleTestModel(context.theme, this)),
      m_table(new QTableView(this)),
      m_remark(new QLabel(this)),
      m_job(&context.jobs)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_remark);
    layout->addWidget(m_table, 1);
    m_remark->setTextFormat(Qt::PlainText);
    m_remark->setWordWrap(true);
    m_remark->setMargin(10);
    m_remark->setProperty("class", QStringLiteral("muted"));
    m_table->setModel(m_model);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setAccessibleName(tr("Tests of the rule"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(metrics::rowHeight);
    m_table->horizontalHeader()->setFixedHeight(metrics::rowHeight);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setColumnWidth(ResultColumn, 80);
    m_table->setColumnWidth(NameColumn, 300);
    m_table->setColumnWidth(ExpectationColumn, 80);
    m_table->setColumnWidth(EventsColumn, 60);
    connect(&context.theme, &Theme::themeChanged, m_table->viewport(),
            qOverload<>(&QWidget::update));
}

void RuleTestsView::run(const std::shared_ptr<const rules::Rule>& rule, const std::string& testFile,
                        const std::string& query)
{
    if (!rule || testFile.empty()) {
        m_job.cancel();
        m_model->setRows({});
        m_table->hide();
        m_remark->show();
        m_remark->setText(
            rule ? tr("No tests yet. They stand in %1 beside the rule.")
                       .arg(text::visible(rules::testFileOf(rule->path).filename().string()))
                 : tr("Tests belong to rules; this query is none."));
        Q_EMIT finished(0, 0);
        return;
    }
    auto edited = std::make_shared<rules::Rule>(*rule);
    edited->query.text = query;
    m_job.start<TestRun>(
        tr("Running rule tests"),
        [edited, testFile](const std::stop_token& stop, Progress&) {
            return runTests(*edited, testFile, stop);
        },
        [this](Result<TestRun> run) {
            m_table->show();
            if (!run) {
                m_remark->setText(text::visible(formatDiagnostic(run.error())));
                m_remark->show();
                return;
            }
            QStringList remarks;
            for (const Diagnostic& diagnostic : run->diagnostics) {
                remarks << text::visible(formatDiagnostic(diagnostic));
            }
            m_remark->setText(remarks.join(QLatin1Char('\n')));
            m_remark->setVisible(!remarks.isEmpty());
            const auto passed = static_cast<std::size_t>(
                std::ranges::count(run->rows, true, [](const RuleTestRow& row) {
                    return row.passed.value_or(false);
                }));
            const std::size_t total = run->rows.size();
            m_model->setRows(std::move(run->rows));
            Q_EMIT finished(passed, total);
        });
}

} // namespace sequela::ui
