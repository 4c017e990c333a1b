#include "ui/shell/about_dialog.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace sequela::ui {

namespace {

const char* const notices =
    "Sequela is free software under the GNU General Public License, version 3 or later.\n"
    "It comes without any warranty; the file LICENSE holds the full text.\n\n"
    "It uses these libraries, each under its own licence:\n\n"
    "Qt 6             LGPL-3.0            The Qt Company and contributors\n"
    "QScintilla       GPL-3.0             Riverbank Computing\n"
    "SQLite           public domain       D. Richard Hipp and others\n"
    "simdjson         Apache-2.0          The simdjson authors\n"
    "RE2              BSD-3-Clause        The RE2 authors\n"
    "toml++           MIT                 Mark Gillard\n"
    "libarchive       BSD-2-Clause        Tim Kientzle and others\n"
    "Zstandard        BSD-3-Clause        Meta Platforms and others\n"
    "{fmt}            MIT                 Victor Zverovich and contributors\n"
    "CLI11            BSD-3-Clause        University of Cincinnati, Henry Schreiner\n"
    "OpenSSL          Apache-2.0          The OpenSSL project\n"
    "libpsl           MIT                 Tim Rühsen; its list: MPL-2.0, Mozilla Foundation\n\n"
    "MITRE ATT&CK® names and identifiers: © The MITRE Corporation, reproduced and distributed\n"
    "with the permission of The MITRE Corporation.\n";

QPlainTextEdit* plainPage(const Theme& theme, const QString& text, QWidget* parent)
{
    auto* page = new QPlainTextEdit(text, parent);
    page->setReadOnly(true);
    page->setFont(theme.dataFont());
    page->setLineWrapMode(QPlainTextEdit::NoWrap);
    page->setProperty("class", QStringLiteral("bare"));
    return page;
}

void addClose(QVBoxLayout& layout, QDialog& dialog)
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, &dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::close);
    layout.addWidget(buttons);
}

} // namespace

AboutDialog::AboutDialog(Theme& theme, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("About Sequela"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(640, 460);
    auto* layout = new QVBoxLayout(this);
    auto* head = new QLabel(tr("Sequela %1 — triage endpoint events, tune EQL rules")
                                .arg(QCoreApplication::applicationVersion()),
                            this);
    head->setFont(theme.titleFont());
    layout->addWidget(head);
    layout->addWidget(plainPage(theme, QString::fromUtf8(notices), this), 1);
    addClose(*layout, *this);
}

} // namespace sequela::ui
