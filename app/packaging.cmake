# What `cmake --install` and `cpack` put where: programs, rules, and what makes them citizens of a
# desktop. The .deb finds its dependencies by what the programs link.
include(GNUInstallDirs)
# Packing what was built: whoever packs has built the two programs, and tests are none of it.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON CACHE INTERNAL "")

install(TARGETS sequela-cli RUNTIME)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/rules DESTINATION ${CMAKE_INSTALL_DATADIR}/sequela)
install(FILES ${PROJECT_SOURCE_DIR}/resources/man/sequela-cli.1
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/resources/completion/sequela-cli.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME sequela-cli)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/sequela RENAME copyright)
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/sequela)

if(SEQUELA_BUILD_UI)
    install(TARGETS sequela RUNTIME)
    # The demo as events, without the program that made it.
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/resources/demo
        DESTINATION ${CMAKE_INSTALL_DATADIR}/sequela FILES_MATCHING PATTERN "*.ndjson.gz")
    configure_file(${PROJECT_SOURCE_DIR}/resources/desktop/sequela.metainfo.xml.in
        ${PROJECT_BINARY_DIR}/app/sequela.metainfo.xml @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/app/sequela.metainfo.xml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
    install(FILES ${PROJECT_SOURCE_DIR}/resources/desktop/sequela.desktop
        DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES ${PROJECT_SOURCE_DIR}/resources/desktop/sequela.xml
        DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages)
    install(FILES ${PROJECT_SOURCE_DIR}/resources/icons/sequela.svg
        DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
    install(FILES ${PROJECT_SOURCE_DIR}/resources/man/sequela.1
        DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sequela)
set(CPACK_PACKAGE_VENDOR Sequela)
set(CPACK_PACKAGE_CONTACT "Sequela maintainers <sequela@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "triage endpoint events, tune EQL detection rules")
set(CPACK_PACKAGE_DESCRIPTION "Sequela opens endpoint event files, runs EQL detection rules over them
and shows what fired as process trees and network timelines. It comes as a desktop program and as a
command line over the same engine and needs no server and no network.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The faces of the PDF; any would do, but none would leave pages without letters.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "fonts-liberation | fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-inter, fonts-jetbrains-mono, fonts-liberation, qt6-wayland")
include(CPack)
