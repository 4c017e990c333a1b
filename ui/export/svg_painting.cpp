#include "ui/export/svg_painting.h"

#include "ui/export/paper_faces.h"

#include <QFont>
#include <QFontMetricsF>
#include <QPainter>
#include <QXmlStreamReader>

namespace sequela::ui {

namespace {

double numberOf(const QXmlStreamAttributes& attributes, const char* name)
{
    return attributes.value(QLatin1String(name)).toDouble();
}

QColor colorOf(const QXmlStreamAttributes& attributes, const char* name)
{
    return QColor(attributes.value(QLatin1String(name)).toString());
}

QPen penOf(const QXmlStreamAttributes& attributes)
{
    QPen pen(colorOf(attributes, "stroke"));
    pen.setWidthF(1);
    if (attributes.hasAttribute(QLatin1String("stroke-dasharray"))) {
        pen.setDashPattern({3, 2});
    }
    return pen;
}

void paintRectangle(QPainter& painter, const QXmlStreamAttributes& attributes)
{
    const QRectF rect(numberOf(attributes, "x"), numberOf(attributes, "y"),
                      numberOf(attributes, "width"), numberOf(attributes, "height"));
    if (attributes.value(QLatin1String("fill")) == QLatin1String("none")) {
        painter.setPen(penOf(attributes));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect);
        return;
    }
    painter.fillRect(rect, colorOf(attributes, "fill"));
}

void paintText(QPainter& painter, const QXmlStreamAttributes& attributes, const QString& text)
{
    // Fonts have whole pixel sizes; set large and scaled down they keep their proportions.
    constexpr double enlargement = 16;
    QFont font(paperFace());
    font.setPixelSize(qRound(numberOf(attributes, "font-size") * enlargement));
    if (attributes.value(QLatin1String("font-weight")) == QLatin1String("bold")) {
        font.setWeight(QFont::DemiBold);
    }
    const double stated = numberOf(attributes, "textLength");
    const double actual =
        QFontMetricsF(font, painter.device()).horizontalAdvance(text) / enlargement;
    const double squeeze = actual > stated && actual > 0 ? stated / actual : 1;
    double x = numberOf(attributes, "x");
    const auto anchor = attributes.value(QLatin1String("text-anchor"));
    if (anchor == QLatin1String("end")) {
        x -= actual * squeeze;
    } else if (anchor == QLatin1String("middle")) {
        x -= actual * squeeze / 2;
    }
    painter.save();
    painter.translate(x, numberOf(attributes, "y"));
    painter.scale(squeeze / enlargement, 1 / enlargement);
    painter.setFont(font);
    painter.setPen(colorOf(attributes, "fill"));
    painter.drawText(QPointF(0, 0), text);
    painter.restore();
}

} // namespace

QSizeF drawingSize(const QByteArray& svg)
{
    QXmlStreamReader xml(svg);
    if (!xml.readNextStartElement()) {
        return {};
    }
    return {numberOf(xml.attributes(), "width"), numberOf(xml.attributes(), "height")};
}

void paintDrawing(QPainter& painter, const QByteArray& svg, const QRectF& target)
{
    const QSizeF size = drawingSize(svg);
    if (size.isEmpty()) {
        return;
    }
    painter.save();
    painter.translate(target.topLeft());
    painter.scale(target.width() / size.width(), target.height() / size.height());
    QXmlStreamReader xml(svg);
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) {
            continue;
        }
        const QXmlStreamAttributes attributes = xml.attributes();
        const QString name = xml.name().toString();
        if (name == QLatin1String("rect")) {
            paintRectangle(painter, attributes);
        } else if (name == QLatin1String("line")) {
            painter.setPen(penOf(attributes));
            painter.drawLine(QPointF(numberOf(attributes, "x1"), numberOf(attributes, "y1")),
                             QPointF(numberOf(attributes, "x2"), numberOf(attributes, "y2")));
        } else if (name == QLatin1String("circle")) {
            const double radius = numberOf(attributes, "r");
            painter.setPen(Qt::NoPen);
            painter.setBrush(colorOf(attributes, "fill"));
            painter.drawEllipse(QPointF(numberOf(attributes, "cx"), numberOf(attributes, "cy")),
                                radius, radius);
        } else if (name == QLatin1String("text")) {
            paintText(painter, attributes, xml.readElementText());
        }
    }
    painter.restore();
}

} // namespace sequela::ui
