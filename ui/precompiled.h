#pragma once

// Precompiled for every folder of the window: what nearly all of them include and what is slow to
// read. Sources still include what they use.
#include <QAbstractItemModel>
#include <QAction>
#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QMenu>
#include <QObject>
#include <QPainter>
#include <QString>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QWidget>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
