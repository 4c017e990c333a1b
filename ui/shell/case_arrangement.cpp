#include "ui/shell/case_arrangement.h"

#include "core/workspace/limits.h"
#include "core/workspace/workspace.h"
#include "ui/state/case_session.h"

#include <QJsonDocument>

#include <chrono>
#include <future>

namespace sequela::ui {

namespace {
/// Names the arrangement among what windows keep in a case.
constexpr const char* layoutKey = "window";
} // namespace

CaseArrangement::CaseArrangement(const state::Context& context,
                                 std::function<QJsonObject()> capture, QObject* parent)
    : QObject(parent),
      m_context(context),
      m_capture(std::move(capture)),
      m_readJob(nullptr),
      m_writeJob(nullptr)
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(writeDelayMs);
    connect(&m_delay, &QTimer::timeout, this, [this] { write({}); });
    connect(&context.session, &state::CaseSession::caseOpened, this, &CaseArrangement::load);
    connect(&context.session, &state::CaseSession::caseSaved, this, [this] {
        m_workspace = m_context.session.workspace();
        touch();
    });
}

void CaseArrangement::touch()
{
    if (m_workspace && !m_isLoading) {
        m_delay.start();
    }
}

void CaseArrangement::load()
{
    m_delay.stop();
    m_workspace = m_context.session.workspace();
    m_written.clear();
    m_isLoading = m_workspace != nullptr;
    if (!m_workspace) {
        return;
    }
    using Text = std::optional<std::string>;
    m_readJob.start<Text>(
        tr("Reading the arrangement of the case"),
        [workspace = m_workspace](const std::stop_token&, Progress&) {
            return workspace->layout(layoutKey);
        },
        [this](const Result<Text>& text) {
            m_isLoading = false;
            if (!text || !*text) {
                touch();
                return;
            }
            // Longer ones were not written by this program and are left alone.
            if ((*text)->size() > workspace::limits::maxLayoutBytes) {
                return;
            }
            m_written = **text;
            const QJsonObject arrangement =
                QJsonDocument::fromJson(QByteArray::fromStdString(m_written)).object();
            if (!arrangement.isEmpty()) {
                Q_EMIT loaded(arrangement);
            }
        });
}

void CaseArrangement::write(const std::function<void()>& done)
{
    m_delay.stop();
    std::string text;
    if (m_workspace && !m_workspace->isReadOnly() && !m_isLoading) {
        text = QJsonDocument(m_capture()).toJson(QJsonDocument::Compact).toStdString();
    }
    if (text.empty() || text == m_written) {
        if (done) {
            done();
        }
        return;
    }
    m_written = text;
    m_writeJob.start<bool>(
        tr("Keeping the arrangement of the window"),
        [workspace = m_workspace, text = std::move(text), done](const std::stop_token&,
                                                                Progress&) -> Result<bool> {
            const auto kept = workspace->saveLayout(layoutKey, text);
            if (done) {
                done();
            }
            if (!kept) {
                return std::unexpected(kept.error());
            }
            return true;
        },
        [this](const Result<bool>& kept) {
            if (!kept) {
                Q_EMIT m_context.session.failed(kept.error());
            }
        });
}

void CaseArrangement::finish()
{
    auto written = std::make_shared<std::promise<void>>();
    std::future<void> end = written->get_future();
    write([written] { written->set_value(); });
    // No frame is waited for any more: the window is on its way out.
    static_cast<void>(end.wait_for(std::chrono::milliseconds(finishWaitMs)));
}

} // namespace sequela::ui
