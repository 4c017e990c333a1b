#include "core/base/progress.h"

#include <utility>

namespace sequela {

void Progress::setLabel(std::string label)
{
    const std::scoped_lock lock(m_labelMutex);
    m_label = std::move(label);
}

std::string Progress::label() const
{
    const std::scoped_lock lock(m_labelMutex);
    return m_label;
}

} // namespace sequela
