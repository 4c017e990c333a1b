#include "ui/theme/palette.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sequela::ui {

namespace {

struct Row {
    const char* name;
    QRgb dark;
    QRgb light;
};

constexpr std::array<Row, tokenCount> table{{
    {"background", 0xff12151a, 0xfff3f5f8}, {"panel", 0xff191d24, 0xffffffff},
    {"raised", 0xff212731, 0xffeef0f4},     {"selected", 0xff1d3557, 0xffdbe8ff},
    {"hover", 0xff242b36, 0xffe8ecf3},      {"line", 0xff2c3440, 0xffd9dde5},
    {"text", 0xffdbe1ea, 0xff1b2330},       {"muted", 0xff929eb0, 0xff5e677a},
    {"accent", 0xff58a6ff, 0xff1b62cf},     {"critical", 0xffff6d7e, 0xffc4162a},
    {"high", 0xffff8a4c, 0xffb83d0d},       {"medium", 0xfff2c14e, 0xff8a5b17},
    {"low", 0xff57b894, 0xff297548},        {"process", 0xff58a6ff, 0xff1b62cf},
    {"network", 0xffb392f0, 0xff794acf},    {"file", 0xff4cc9b0, 0xff0c7469},
    {"registry", 0xffd4a72c, 0xff8a5c00},   {"gained", 0xff56d364, 0xff187734},
    {"lost", 0xffff7b72, 0xffc4162a},       {"keyword", 0xffc297ff, 0xff794acf},
    {"string", 0xff7ee2b8, 0xff09764a},     {"number", 0xffffb77c, 0xffa15000},
    {"field", 0xff79c0ff, 0xff0550ae},      {"function", 0xffffa657, 0xff953800},
    {"comment", 0xff8f9fb3, 0xff5f6673},    {"criticalFill", 0xffff5d6c, 0xffc4162a},
    {"highFill", 0xffff8a4c, 0xffd9480f},   {"mediumFill", 0xfff2c14e, 0xffb7791f},
    {"lowFill", 0xff57b894, 0xff2b7a4b},    {"histogramFill", 0xff4d5766, 0xffb4bccb},
}};

double channelLuminance(double channel)
{
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color)
{
    return 0.2126 * channelLuminance(static_cast<double>(color.redF()))
           + 0.7152 * channelLuminance(static_cast<double>(color.greenF()))
           + 0.0722 * channelLuminance(static_cast<double>(color.blueF()));
}

} // namespace

QColor tokenColor(ColorScheme scheme, Token token)
{
    const Row& row = table.at(static_cast<std::size_t>(token));
    return QColor::fromRgb(scheme == ColorScheme::Dark ? row.dark : row.light);
}

const char* tokenName(Token token)
{
    return table.at(static_cast<std::size_t>(token)).name;
}

double contrastRatio(const QColor& first, const QColor& second)
{
    const double a = luminance(first);
    const double b = luminance(second);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

QColor mixed(const QColor& base, const QColor& over, double share)
{
    const auto blend = [share](int from, int to) {
        return static_cast<int>(std::lround(from + (to - from) * share));
    };
    return {blend(base.red(), over.red()), blend(base.green(), over.green()),
            blend(base.blue(), over.blue())};
}

} // namespace sequela::ui
