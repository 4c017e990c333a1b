#include "core/eql/number_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace sequela::eql {

namespace {

// std::from_chars knows a minus but no plus, and would take "-" twice after one is cut off.
std::string_view withoutPlus(std::string_view text)
{
    if (text.size() > 1 && text.front() == '+' && text[1] != '-' && text[1] != '+') {
        text.remove_prefix(1);
    }
    return text;
}

} // namespace

std::optional<std::int64_t> parseInteger(std::string_view text, int base)
{
    text = withoutPlus(text);
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, base);
    if (text.empty() || error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return number;
}

std::optional<double> parseDecimal(std::string_view text)
{
    text = withoutPlus(text);
    // from_chars would take "inf" and "nan", which are no numbers here.
    if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos) {
        return std::nullopt;
    }
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (stop != end) {
        return std::nullopt;
    }
    if (error == std::errc::result_out_of_range) {
        // Too small is zero, as everywhere; too large is no number.
        const std::size_t exponent = text.find_first_of("eE");
        const bool tiny = exponent != std::string_view::npos && exponent + 1 < text.size()
                          && text[exponent + 1] == '-';
        return tiny ? std::optional<double>(0.0) : std::nullopt;
    }
    return error == std::errc{} ? std::optional<double>(number) : std::nullopt;
}

std::string formatDouble(double number)
{
    const double magnitude = std::abs(number);
    const bool plain = magnitude == 0 || (magnitude >= 1e-5 && magnitude < 1e17);
    std::array<char, 64> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                      plain ? std::chars_format::fixed : std::chars_format::scientific);
    std::string text(buffer.data(), end);
    if (text.find_first_of(".en") == std::string::npos) {
        text += ".0";
    }
    return text;
}

std::string formatDoubleAsJava(double number)
{
    const double magnitude = std::abs(number);
    const bool plain = magnitude == 0 || (magnitude >= 1e-3 && magnitude < 1e7);
    if (plain || !std::isfinite(number)) {
        return formatDouble(number);
    }
    std::array<char, 64> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                            std::chars_format::scientific);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const std::size_t mark = text.find('e');
    std::string digits(text.substr(0, mark));
    if (digits.find('.') == std::string::npos) {
        digits += ".0";
    }
    int exponent = 0;
    const std::string_view written = withoutPlus(text.substr(mark + 1));
    std::from_chars(written.data(), written.data() + written.size(), exponent);
    return digits + 'E' + std::to_string(exponent);
}

} // namespace sequela::eql
