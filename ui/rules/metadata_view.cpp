#include "ui/rules/metadata_view.h"

#include "core/rules/rule.h"
#include "ui/text/event_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/severity.h"

#include <QFormLayout>
#include <QLabel>

#include <string>
#include <vector>

namespace sequela::ui {

namespace {

QString lines(const std::vector<std::string>& texts)
{
    QStringList list;
    for (const std::string& one : texts) {
        list << text::visibleLines(one);
    }
    return list.join(QLatin1Char('\n'));
}

QString threatText(const rules::Rule& rule)
{
    QStringList list;
    const auto named = [](const std::string& id, const std::string& name) {
        return text::visible(id + "  " + name);
    };
    for (const rules::Threat& threat : rule.threats) {
        list << named(threat.tacticId, threat.tacticName);
        for (const rules::ThreatTechnique& technique : threat.techniques) {
            list << QStringLiteral("    ") + named(technique.id, technique.name);
            for (const rules::ThreatTechnique& below : technique.subtechniques) {
                list << QStringLiteral("        ") + named(below.id, below.name);
            }
        }
    }
    return list.join(QLatin1Char('\n'));
}

QString trimmedText(const std::string& value)
{
    return text::visibleLines(value).trimmed();
}

} // namespace

MetadataView::MetadataView(const state::Context& context, QWidget* parent)
    : QScrollArea(parent), m_context(context)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Metadata of the rule"));
    setEntry(nullptr);
}

void MetadataView::addRow(QFormLayout& form, const QString& label, const QString& value)
{
    if (value.isEmpty()) {
        return;
    }
    auto* name = new QLabel(label, form.parentWidget());
    name->setProperty("class", QStringLiteral("muted"));
    auto* shown = new QLabel(form.parentWidget());
    shown->setTextFormat(Qt::PlainText);
    shown->setText(value);
    shown->setWordWrap(true);
    shown->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    form.addRow(name, shown);
}

void MetadataView::setEntry(const rules::RuleEntry* entry)
{
    auto* page = new QWidget(this);
    auto* form = new QFormLayout(page);
    form->setContentsMargins(14, 10, 14, 10);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(7);
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignTop);
    setWidget(page);
    if (entry == nullptr) {
        addRow(*form, tr("Query"), tr("This query belongs to no rule."));
        return;
    }
    addRow(*form, tr("File"), text::visible(entry->path));
    if (!entry->reason.empty()) {
        addRow(*form, tr("Not run"), text::visible(entry->reason));
    }
    for (const Diagnostic& diagnostic : entry->diagnostics) {
        addRow(*form, text::fromUtf8(severityName(diagnostic.severity)),
               text::visible(formatDiagnostic(diagnostic)));
    }
    if (!entry->rule) {
        return;
    }
    const rules::Rule& rule = *entry->rule;
    addRow(*form, tr("Name"), text::visible(rule.name));
    addRow(*form, tr("Id"), text::visible(rule.id));
    addRow(*form, tr("Severity"),
           tr("%1, risk %2").arg(severityName(rule.severity)).arg(rule.riskScore));
    addRow(*form, tr("Description"), trimmedText(rule.description));
    addRow(*form, tr("ATT&CK"), threatText(rule));
    addRow(*form, tr("Schedule"),
           tr("every %1, looks from %2")
               .arg(text::visible(rule.schedule.interval), text::visible(rule.schedule.from)));
    addRow(*form, tr("Indices"), lines(rule.indices));
    addRow(*form, tr("Time by"), text::visible(rule.timestampOverride));
    addRow(*form, tr("Version"), text::visible(rule.version));
    addRow(*form, tr("Maturity"), text::visible(rule.metadata.maturity));
    addRow(*form, tr("Created"), text::visible(rule.metadata.creationDate));
    addRow(*form, tr("Updated"), text::visible(rule.metadata.updatedDate));
    addRow(*form, tr("Authors"), lines(rule.authors));
    addRow(*form, tr("License"), text::visible(rule.license));
    addRow(*form, tr("Tags"), lines(rule.tags));
    addRow(*form, tr("False positives"), lines(rule.falsePositives));
    addRow(*form, tr("References"), lines(rule.references));
    addRow(*form, tr("Triage guide"), trimmedText(rule.note));
    addRow(*form, tr("Setup"), trimmedText(rule.setup));
}

} // namespace sequela::ui
